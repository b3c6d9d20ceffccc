"""The cache's server as one process sees it: a question takes a second at most, or none.

Whoever asks a server that hangs loses that second; for the next five nobody asks at all, and
then one does. An error that it answers (it is a replica, full, loading, wants another password,
cannot write its file) counts as its absence, and so does what is no answer to the question. A
library's own retries would only multiply the wait.
"""

import threading
import time
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from redis import Connection, ConnectionPool, SSLConnection, UnixDomainSocketConnection
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from deferral.external.deadlines import deadline, watch
from deferral.warm.answers import Command, checked
from deferral.warm.errors import CacheAway

log = structlog.get_logger(__name__)

# Seconds: of silence, of a whole question with its answer, and without any question after that.
SILENCE, WHOLE, REST = 0.5, 1.0, 5.0
# What a connection raises for what is no answer at all; the last two, for one without an end.
BROKEN = (RedisError, OSError, ValueError, IndexError, RecursionError, OverflowError)


class _Watched:
    """Cut at the deadline from its first byte on: a greeting may drip too."""

    def _connect(self) -> Any:
        line = super()._connect()  # type: ignore[misc]
        watch(line)
        return line


class _Tcp(_Watched, Connection):
    pass


class _Tls(SSLConnection):
    def _wrap_socket_with_ssl(self, sock: Any) -> Any:
        watch(sock)
        return super()._wrap_socket_with_ssl(sock)  # type: ignore[no-untyped-call]


class _Unix(_Watched, UnixDomainSocketConnection):
    pass


KINDS: dict[type, type] = {Connection: _Tcp, SSLConnection: _Tls, UnixDomainSocketConnection: _Unix}


class Server:
    """One address, for all threads of a process."""

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            socket_timeout=SILENCE,
            socket_connect_timeout=SILENCE,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._pool.connection_class = KINDS[self._pool.connection_class]
        self._lock = threading.Lock()
        self._asked_again_at, self.reason = 0.0, ""

    def ask(self, *commands: Command) -> list[Any]:
        """An answer to each, in one go. CacheAway where any of them is an error, or no answer."""
        self._admit()
        line: Any = None
        is_whole = False
        try:
            with deadline(WHOLE):
                line = self._pool.get_connection()
                watch(line._sock)  # noqa: SLF001 - the one thing that can be cut
                line.send_packed_command(line.pack_commands(commands))
                found = [checked(command, line.read_response()) for command in commands]
            is_whole = True
        except BROKEN as error:
            raise self._put_off(error) from error
        finally:
            self._give_back(line, is_whole=is_whole)
        self._is_back()
        return found

    def _give_back(self, line: Any, *, is_whole: bool) -> None:
        """Whatever interrupts it, a connection with half an answer in it is never used again."""
        if line is not None:
            if not is_whole:
                line.disconnect()
            self._pool.release(line)

    def _is_back(self) -> None:
        if self.reason:
            log.info("cache_back", after=self.reason)
            self.reason = ""

    def _admit(self) -> None:
        """One at a time looks whether it is back."""
        with self._lock:
            if self.reason and time.monotonic() < self._asked_again_at:
                raise CacheAway(self.reason)
            if self.reason:
                self._asked_again_at = time.monotonic() + REST

    def _put_off(self, error: Exception) -> CacheAway:
        with self._lock:
            if not self.reason:
                log.warning("cache_away", error=str(error)[:200])
            self.reason = f"{type(error).__name__}: {error}"[:200]
            self._asked_again_at = time.monotonic() + REST
        return CacheAway(self.reason)


@lru_cache(maxsize=4)
def _server(url: str) -> Server:
    return Server(url)


def server() -> Server:
    """That of CACHE_URL. CacheAway where there is none."""
    if not (url := address()):
        raise CacheAway("CACHE_URL is not set")
    return _server(url)


def address() -> str:
    """CACHE_URL; "" where a project has none."""
    return str(getattr(settings, "CACHE_URL", ""))


def forget() -> None:
    """What this process knows of servers: for tests, which change them behind its back."""
    _server.cache_clear()
