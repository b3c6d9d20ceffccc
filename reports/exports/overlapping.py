"""Two things at once: what was read is written down while the next is read."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def overlapped(
    work: Callable[[Item], Result], items: Iterable[Item]
) -> Generator[Result, None, None]:
    """What `work` makes of each, in their order: in a thread, while the next item is fetched here.

    Two items are in memory at most. `work` must not ask the database: connections are not shared
    by threads. An error in it is raised here, one item later. To be closed by whoever stops early.
    """
    with ThreadPoolExecutor(1) as thread:
        under_way: Future[Result] | None = None
        for item in items:
            before, under_way = under_way, thread.submit(work, item)
            if before:
                yield before.result()
        if under_way:
            yield under_way.result()
