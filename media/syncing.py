"""Bytes on their way to the disk while more of them are written: the sync at the end is short."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import IO


class Syncing:
    """Has a file synced in a thread. It promises nothing of what was written after the last time.

    An error of the disk is told once, to whoever syncs: so it is raised here, as OSError.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None

    def __enter__(self) -> "Syncing":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._thread.shutdown()
        if kind is None and self._under_way:
            self._under_way.result()

    def begin(self, file: IO[bytes]) -> None:
        """With what is written by now; nothing happens while an earlier time is under way."""
        if self._under_way and not self._under_way.done():
            return
        if self._under_way:
            self._under_way.result()
        file.flush()
        self._under_way = self._thread.submit(os.fdatasync, file.fileno())
