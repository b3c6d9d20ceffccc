"""An end to a whole conversation, wherever it stands: a library's time-out is for each read.

One thread of the process cuts the sockets of whatever has lasted too long: silent, dripping, in
mid-header, in a handshake. Whoever reads from one sees its end, whoever writes an error. Not for
what happens before there is a socket: a look-up of a name is in C and nothing can interrupt it, and
connecting has a time-out of its own for each address of a name.
"""

import contextlib
import heapq
import itertools
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial


class Deadline:
    """Watches sockets until it is closed; cuts them, and all it is given later, at its `end`.

    `end` is by the monotonic clock. `is_over`: it came before the conversation's own, and what was
    read last may be half of something.
    """

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.is_over = self.is_closed = False
        self._lock = threading.Lock()
        self._handles: list[socket.socket] = []
        _KEEPER.keep(self)

    def watch(self, line: socket.socket) -> Callable[[], None]:
        """By a second handle, which TLS does not take away. What is returned ends it.

        It must be called before the socket may be anybody else's: afterwards nothing is cut.
        """
        handle = socket.fromfd(line.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._handles.append(handle)
            if self.is_over:
                _cut(handle)
        return partial(self._leave, handle)

    def strike(self) -> None:
        """Cut everything, unless it is closed: what is still open is the caller's again."""
        with self._lock:
            if self.is_closed:
                return
            self.is_over = True
            for handle in self._handles:
                _cut(handle)

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            self.is_closed = True
            while self._handles:
                self._handles.pop().close()

    def _leave(self, handle: socket.socket) -> None:
        with self._lock:
            if handle in self._handles:
                self._handles.remove(handle)
            handle.close()


class _Keeper:
    """The one thread of a process that strikes, begun with the first deadline.

    Whoever works in a thread may be interrupted anywhere by an exception from outside. A queue that
    is written in C is whole whenever that is; a condition would stay locked.
    """

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """As in a child: the thread is the parent's, and so are the conversations it watches."""
        self._begun: queue.SimpleQueue[Deadline] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._is_started = False

    def keep(self, deadline: Deadline) -> None:
        """Strike when it is over."""
        with self._starting:
            if not self._is_started:
                threading.Thread(target=_keep, args=[self._begun], daemon=True).start()
                self._is_started = True
        self._begun.put(deadline)


def _keep(begun: "queue.SimpleQueue[Deadline]") -> None:
    number = itertools.count()
    kept: list[tuple[float, int, Deadline]] = []
    while True:
        wait = max(kept[0][0] - time.monotonic(), 0) if kept else None
        with contextlib.suppress(queue.Empty):
            new = begun.get(timeout=wait)
            heapq.heappush(kept, (new.end, next(number), new))
        while kept and (kept[0][2].is_closed or kept[0][0] <= time.monotonic()):
            heapq.heappop(kept)[2].strike()


def _cut(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side was faster
        handle.shutdown(socket.SHUT_RDWR)


_KEEPER = _Keeper()
os.register_at_fork(after_in_child=_KEEPER.begin_anew)
_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """Every socket that is watched inside is cut after so many seconds."""
    end = Deadline(seconds)
    token = _CURRENT.set(end)
    try:
        yield end
    finally:
        _CURRENT.reset(token)
        end.close()


def watch(line: socket.socket) -> Callable[[], None]:
    """By the deadline that this is under, if it is under one. What is returned ends it."""
    end = _CURRENT.get()
    return end.watch(line) if end else _nothing


def is_over() -> bool:
    """Whether the deadline that this is under, if it is under one, has struck."""
    end = _CURRENT.get()
    return bool(end and end.is_over)


def _nothing() -> None:
    """What was not watched need not be left alone."""
