"""What lasts is told at once, ever more seldom, and once when it is over."""

import pytest

from deferral.text.seldom import Seldom
from tests.rig import clocks


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """One moment, to be moved."""
    now = [100.0]
    clocks.replace(monkeypatch, "monotonic", lambda: now[0])
    return now


def test_an_hour_of_it_is_told_some_sixty_times(clock: list[float]) -> None:
    away = Seldom()
    told = []
    for second in range(3_600):
        clock[0] = 100.0 + second
        if away.is_due():
            told.append(second)

    assert told[:7] == [0, 1, 3, 7, 15, 31, 63]
    assert len(told) < 70


def test_its_end_is_told_once_and_its_next_beginning_at_once(clock: list[float]) -> None:
    away = Seldom()
    assert away.ends() is None
    away.is_due()
    clock[0] += 5

    assert away.ends() == 5.0
    assert away.ends() is None
    assert away.is_due()
