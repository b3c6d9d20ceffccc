"""The rules by which a queue is green, amber or red."""

import pytest

from deferral.pressure.rules import (
    AMBER_AT,
    CALM_BELOW,
    LATEST,
    RED_AT,
    SOONEST,
    Level,
    come_back_in,
    level_of,
    load_of,
)

GREEN, AMBER, RED = Level


@pytest.mark.parametrize(
    ("waiting", "per_second", "oldest", "load"),
    [
        (0, 0.0, 0.0, 0.0),
        (1, 1 / 60, 0.5, 0.5),  # one job in a quiet shop is not a minute of work
        (500, 10.0, 9.9, 9.9),  # it keeps up
        (500, 10.0, 10.0, 50.0),
        (10, 10.0, 90.0, 90.0),
        (500, 0.0, 30.0, 30.0),  # nothing moves: how long is all that is known
    ],
)
def test_a_load_is_seconds(waiting: int, per_second: float, oldest: float, load: float) -> None:
    assert load_of(waiting=waiting, per_second=per_second, oldest=oldest) == load


@pytest.mark.parametrize(
    ("before", "load", "lately", "after"),
    [
        (GREEN, 59.9, [], GREEN),
        (GREEN, 60.0, [], AMBER),
        (GREEN, 300.0, [], RED),
        (AMBER, 300.0, [], RED),
        (AMBER, 1.0, [], AMBER),  # since when is not known
        (AMBER, 1.0, [42.0, 1.0], AMBER),  # a minute ago it was still much
        (AMBER, 1.0, [41.9, 1.0], GREEN),
        (RED, 299.0, [299.0], RED),
        (RED, 209.0, [209.0], AMBER),
        (RED, 209.0, [210.0, 209.0], RED),
        (RED, 1.0, [1.0], AMBER),  # one step at a time
        (GREEN, 1.0, [], GREEN),
    ],
)
def test_up_at_once_and_down_after_a_calm_minute(
    before: Level, load: float, lately: list[float], after: Level
) -> None:
    assert level_of(before, load, lately) is after


def test_a_load_that_swings_about_a_mark_does_not_flicker() -> None:
    level, loads, seen = GREEN, list[float](), set()
    for step in range(200):
        loads.append(AMBER_AT * (0.8 if step % 2 else 1.1))
        level = level_of(level, loads[-1], loads[-12:])
        seen.add(level)
    assert level is AMBER
    assert seen == {AMBER}
    assert CALM_BELOW < 0.8 < RED_AT


@pytest.mark.parametrize(
    ("load", "luck", "seconds"),
    [(0, 0, SOONEST), (400, 0, 400), (400, 1, 600), (300.2, 0, 301), (9_999, 0.5, LATEST)],
)
def test_when_to_come_back(load: float, luck: float, seconds: int) -> None:
    assert come_back_in(load, luck) == seconds
