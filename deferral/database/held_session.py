"""One database session of a process that holds its advisory locks for as long as they are wanted.

Session locks are re-entrant: PostgreSQL gives one to the session that has it already. So inside the
process a dictionary says which thread holds which, and only that thread may drop it: a twin that
was refused must not free what the other holds. `pg_advisory_unlock_all` is for nobody here.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import structlog
from django.db import Error
from django.db.backends.utils import CursorWrapper

from deferral.database import sockets
from deferral.database.connections import unpooled
from deferral.database.locks import FREE, TAKE_ALL, TAKE_ONE
from deferral.database.outage import is_our_outage

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

log = structlog.get_logger(__name__)

# While a statement about the process waits for somebody's row or table, its threads can neither
# take a lock nor drop one.
LOCK_TIMEOUT = "-c lock_timeout=500"
# A session that was ended holds its locks for a moment more. Seconds.
TRIES, BETWEEN_TRIES = 5, 0.02


class HeldSession:
    """Shared by the threads of a process, and of no use to forked children.

    One that is lost is opened anew at once, or by the next `cursor`, and takes again what was held:
    until then others may have it. Whose work that was, the fence decides.
    """

    def __init__(self) -> None:
        self.connection: BaseDatabaseWrapper | None = None
        self._one_at_a_time = threading.RLock()
        self._holders: dict[int, int] = {}  # lock -> thread
        self._missing: set[int] = set()  # held by a thread, and not by this session yet

    @contextmanager
    def cursor(self) -> Iterator[CursorWrapper]:
        """For who looks after the process, one statement each. Error: the session may be lost."""
        with self._one_at_a_time:
            database = self.connection or self._renew()
            try:
                with database.cursor() as cursor:
                    self._take_again(cursor)
                    yield cursor
            except Error as error:
                if is_our_outage(error) or not database.is_usable():
                    self._give_up(error)
                raise

    def hold_one_of(self, locks: Sequence[int]) -> int | None:
        """The first that nobody holds, this thread's from now on.

        None when there is none, or no session: nobody waits here for a database that is away.
        """
        with self._one_at_a_time:
            free = [lock for lock in locks if lock not in self._holders]
            found = self._ask(TAKE_ONE, free) if free else None
            if found is not None:
                self._holders[found] = threading.get_ident()
            return found

    def drop(self, lock: int) -> None:
        """Free it, if it is this thread's: nothing happens otherwise. Never raises."""
        with self._one_at_a_time:
            if self._holders.get(lock) != threading.get_ident():
                return
            del self._holders[lock]
            if lock in self._missing:
                self._missing.discard(lock)
            else:
                self._ask(FREE, lock)

    def mine(self) -> set[int]:
        """Those that this thread holds."""
        me = threading.get_ident()
        with self._one_at_a_time:
            return {lock for lock, thread in self._holders.items() if thread == me}

    def take_missing(self) -> None:
        """Lock again what others had when it was opened; nothing without a session. Error."""
        if self._missing and self.connection is not None:
            with self.cursor():
                """It takes them."""

    def has_news(self) -> bool:
        """Whether PostgreSQL has ended it, probably. False while a thread asks: that one hears."""
        if not self._one_at_a_time.acquire(blocking=False):
            return False
        try:
            return sockets.has_news(self.connection)
        finally:
            self._one_at_a_time.release()

    def blind_child(self) -> None:
        """In a forked child: neither its exit nor its survival can speak for the main process."""
        sockets.make_a_hole(self.connection)

    def _renew(self) -> "BaseDatabaseWrapper":
        """Another session, which takes again what was held. Error: there is none."""
        self.lose()
        found, tries = unpooled(LOCK_TIMEOUT), TRIES
        self.connection = found
        try:
            with found.cursor() as cursor:
                while self._take_again(cursor) and (tries := tries - 1):
                    time.sleep(BETWEEN_TRIES)
        except Error:
            self.lose()
            raise
        return found

    def lose(self) -> None:
        """Close it: the next cursor opens another."""
        lost, self.connection = self.connection, None
        self._missing = set(self._holders)
        if lost:
            lost.close()

    def _take_again(self, cursor: CursorWrapper) -> bool:
        """Whether it still lacks some. Others may have them, the relay for its look alone."""
        if self._missing:
            cursor.execute(TAKE_ALL, [list(self._missing)])
            taken = {lock for (lock,) in cursor.fetchall()}
            self._missing -= taken
            if taken:
                log.info("locks_taken_again", taken=len(taken), missing=len(self._missing))
        return bool(self._missing)

    def _ask(self, statement: str, parameter: int | list[int]) -> int | None:
        """None also where it fails: the session may hold the lock all the same, so it is lost."""
        if self.connection is None:
            return None
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement, [parameter])
                row = cursor.fetchone()
        except Error as error:
            self._give_up(error)
            return None
        return row[0] if row else None

    def _give_up(self, error: Error) -> None:
        log.warning("held_session_lost", error=str(error))
        with suppress(Error):
            self._renew()
