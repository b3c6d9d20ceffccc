"""The highest value of something that is looked at again and again while something else runs."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection


class Watch:
    """`most` is the highest value seen so far."""

    def __init__(self, look: Callable[[], float], every: float) -> None:
        self.look, self.every, self.most = look, every, 0.0
        self._enough = threading.Event()

    def run(self) -> None:
        """Look until told that it is enough, over a database connection of its own thread."""
        try:
            while True:
                self.most = max(self.most, self.look())
                if self._enough.wait(self.every):
                    return
        finally:
            connection.close()

    def end(self) -> None:
        """Let it be enough."""
        self._enough.set()


@contextmanager
def watching(look: Callable[[], float], *, every: float) -> Iterator[Watch]:
    """Look while the block runs, each `every` seconds. What `look` raises is raised at the end."""
    watch = Watch(look, every)
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(watch.run)
        try:
            yield watch
        finally:
            watch.end()
    running.result()
