"""A small table as one process knows it: read at most once a second, by one thread at a time."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from django.db import Error

from deferral.database.outage import go_on_without

V = TypeVar("V")

# Seconds for which a process believes what it has read.
FRESH = 1.0
NEVER = float("-inf")


class Snapshot(Generic[V]):
    """Rows by name, at most FRESH seconds old, and what this process has written itself since.

    Nobody waits for a read, but at the very first. When the table cannot be read, nothing is known
    and that is logged as `unread`; when the database is away, its error is raised.
    """

    def __init__(self, read: Callable[[], dict[str, V]], *, unread: str) -> None:
        self._lock = threading.RLock()
        self._read, self._unread = read, unread
        self.forget()

    def forget(self) -> None:
        """Nothing is known: the next look reads."""
        self._rows: dict[str, V] = {}
        self._written: dict[str, V] = {}  # since the last read began
        self._read_at = NEVER

    def rows(self) -> Mapping[str, V]:
        """By name, at most FRESH seconds old. Reads the table when they are older."""
        with self._lock:
            is_first = self._read_at == NEVER
            is_due = time.monotonic() - self._read_at >= FRESH
            if is_due:
                self._read_at, self._written = time.monotonic(), {}
            meanwhile = self._written
            if is_first:
                self._take(meanwhile)
        if is_due and not is_first:
            self._take(meanwhile)
        return self._rows

    def get(self, name: str) -> V | None:
        """The row as it was last read or written here, without another look at the table."""
        return self._rows.get(name)

    def put(self, name: str, row: V) -> None:
        """This process has written it: a read that began before does not undo that."""
        with self._lock:
            self._written[name] = row
            # Others are looking through the rows as they were.
            self._rows = self._rows | {name: row}

    def _take(self, meanwhile: Mapping[str, V]) -> None:
        """`meanwhile` is written here until the next read begins, which may be before this ends."""
        try:
            found = self._read()
        except Error as error:
            go_on_without(error, self._unread)
            self._rows = {}
            return
        with self._lock:
            self._rows = {**found, **meanwhile, **self._written}
