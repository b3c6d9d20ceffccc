"""What was read is stored while the next is read, and in its order."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from reports.exports.overlapping import overlapped


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(overlapped(str, range(5))) == ["0", "1", "2", "3", "4"]


def test_the_next_item_is_fetched_while_one_is_worked_upon() -> None:
    fetched = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        fetched.set()
        yield 2

    def work(item: int) -> bool:
        return fetched.wait(10)

    assert list(overlapped(work, items())) == [True, True]


def test_an_error_of_the_work_is_raised_in_its_place() -> None:
    results = overlapped(_fails_at_two, range(5))

    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(OSError, match="full"):
        next(results)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with closing(overlapped(str, range(5))) as results:
        next(results)

    assert threading.active_count() == before


def _fails_at_two(item: int) -> int:
    if item == 2:
        raise OSError("the disk is full")
    return item
