"""A small table as a process knows it: at most a second old, and never behind its own writing."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import DataError, OperationalError

from deferral.database.snapshots import FRESH, Snapshot
from tests.rig import clocks


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is; to be changed."""
    now = [0.0]
    clocks.replace(monkeypatch, "monotonic", lambda: now[0])
    return now


def knowing(*answers: Callable[[], dict[str, int]]) -> Snapshot[int]:
    """One whose table says these, one read after the other."""
    left = iter(answers)
    return Snapshot(lambda: next(left)(), unread="numbers_not_read")


def test_a_table_is_read_once_a_second(clock: list[float]) -> None:
    known = knowing(lambda: {"a": 1}, lambda: {"a": 2})

    found = [known.rows()["a"], known.rows()["a"]]
    clock[0] += FRESH
    found.append(known.rows()["a"])

    assert found == [1, 1, 2]


def test_what_was_written_here_outlives_a_read_that_began_before(clock: list[float]) -> None:
    def while_we_write() -> dict[str, int]:
        known.put("a", 3)
        return {"a": 2, "b": 2}

    known = knowing(lambda: {"a": 1}, while_we_write, lambda: {"a": 4})
    known.rows()
    clock[0] += FRESH
    assert known.rows() == {"a": 3, "b": 2}

    clock[0] += FRESH
    assert known.rows() == {"a": 4}


def test_a_read_that_takes_longer_than_a_second_undoes_nothing(clock: list[float]) -> None:
    def slow() -> dict[str, int]:
        known.put("a", 3)
        clock[0] += FRESH
        assert known.rows() == {"a": 3, "b": 3}  # read by somebody else meanwhile
        return {"a": 2, "b": 2}

    known = knowing(lambda: {"a": 1}, slow, lambda: {"a": 3, "b": 3})
    known.rows()
    clock[0] += FRESH

    assert known.rows()["a"] == 3


def test_whoever_looks_through_the_rows_is_not_disturbed(clock: list[float]) -> None:
    known = knowing(lambda: {"a": 1})

    for _ in known.rows().items():
        known.put("new", 2)

    assert known.rows() == {"a": 1, "new": 2}


def test_a_table_that_cannot_be_read_says_nothing(clock: list[float]) -> None:
    def fail() -> dict[str, int]:
        raise DataError

    known = knowing(lambda: {"a": 1}, fail)
    known.rows()
    clock[0] += FRESH

    assert known.rows() == {}


def test_an_outage_is_the_callers_to_hear_of(clock: list[float]) -> None:
    def away() -> dict[str, int]:
        raise OperationalError from psycopg.OperationalError()

    known = knowing(lambda: {"a": 1}, away)
    known.rows()
    clock[0] += FRESH

    with pytest.raises(OperationalError):
        known.rows()
