"""How many database sessions a role has open, looked at again and again while something runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"


class Watch:
    """`most` is the highest number seen so far."""

    def __init__(self, role: str) -> None:
        self.role, self.most = role, 0
        self._enough = threading.Event()

    def look(self) -> None:
        """Until told that it is enough, fifty times a second, over a connection of its own."""
        database = connections.create_connection("default")
        try:
            with database.cursor() as cursor:
                while not self._enough.wait(0.02):
                    cursor.execute(COUNT, [self.role])
                    self.most = max(self.most, cursor.fetchone()[0])
        finally:
            database.close()

    def end(self) -> None:
        """Let it be enough."""
        self._enough.set()


@contextmanager
def watching(role: str) -> Iterator[Watch]:
    """Look while the block runs."""
    watch = Watch(role)
    thread = threading.Thread(target=watch.look)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()
