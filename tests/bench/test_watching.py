"""What is looked at beside a run: the highest value, or the reason why there is none."""

import threading

import pytest

from tests.bench.watching import watching


def test_the_highest_value_is_kept() -> None:
    values, all_seen = iter([3, 7, 5]), threading.Event()

    def look() -> float:
        value = next(values, None)
        if value is None:
            all_seen.set()
        return value or 0

    with watching(look, every=0.001) as watch:
        assert all_seen.wait(30)

    assert watch.most == 7


def test_something_is_seen_of_the_shortest_run_too() -> None:
    with watching(lambda: 4, every=60) as watch:
        pass

    assert watch.most == 4


def test_a_look_that_fails_fails_the_run() -> None:
    def look() -> float:
        raise OSError("the database is gone")

    with pytest.raises(OSError, match="gone"), watching(look, every=60):
        pass
