"""One database session of a process that holds its advisory locks for as long as they are wanted.

Session locks are re-entrant: PostgreSQL gives one to the session that has it already. So inside the
process a dictionary says which thread holds which, and only that thread may drop it: a twin that
was refused must not free what the other holds. `pg_advisory_unlock_all` is for nobody here.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from django.db import Error, connections
from django.db.backends.utils import CursorWrapper

from deferral.database.outage import is_our_outage

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

log = structlog.get_logger(__name__)

# A set of rows is filtered one by one, so no lock is tried after the first that is free.
TAKE_ONE = "SELECT n FROM unnest(%s::bigint[]) AS n WHERE pg_try_advisory_lock(n) LIMIT 1"
TAKE_ALL = "SELECT n FROM unnest(%s::bigint[]) AS n WHERE pg_try_advisory_lock(n)"
FREE = "SELECT pg_advisory_unlock(%s)"


class HeldSession:
    """Shared by the threads of a process, and of no use to forked children.

    A session that is lost is opened anew by `cursor`, which takes again what was held: until then
    others may have it. Whose work that was, the fence decides.
    """

    def __init__(self) -> None:
        self.connection: BaseDatabaseWrapper | None = None
        self._one_at_a_time = threading.RLock()
        self._holders: dict[int, int] = {}  # lock -> thread
        self._missing: set[int] = set()  # held by a thread, and not by this session yet

    @contextmanager
    def cursor(self) -> Iterator[CursorWrapper]:
        """For whoever looks after the process, each second. Error: the session may be lost."""
        with self._one_at_a_time:
            if self.connection is None:
                self._open()
            self._take_again()
            with self._asking() as cursor:
                yield cursor

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
        with self._one_at_a_time:
            me = threading.get_ident()
            return {lock for lock, thread in self._holders.items() if thread == me}

    def lose(self) -> None:
        """Close it: the next cursor opens another."""
        lost, self.connection = self.connection, None
        self._missing = set(self._holders)
        if lost:
            lost.close()

    def blind_child(self) -> None:
        """In a forked child: turn its copy of the socket into a hole.

        Then neither the child's exit nor its survival can speak for the main process.
        """
        held = self.connection.connection if self.connection else None
        if held is not None:
            hole = os.open(os.devnull, os.O_RDWR)
            os.dup2(hole, held.fileno())
            os.close(hole)

    def _open(self) -> None:
        """Not one of the thread's own connections, which are closed between jobs; nor a pool's."""
        database = connections.create_connection("default")
        options = {k: v for k, v in database.settings_dict["OPTIONS"].items() if k != "pool"}
        database.settings_dict = {**database.settings_dict, "OPTIONS": options}
        database.inc_thread_sharing()
        self.connection = database

    def _take_again(self) -> None:
        """What this session does not hold yet. Somebody may have it: asked again each second."""
        if not self._missing:
            return
        with self._asking() as cursor:
            cursor.execute(TAKE_ALL, [list(self._missing)])
            taken = {lock for (lock,) in cursor.fetchall()}
        self._missing -= taken
        log.info("locks_taken_again", taken=len(taken), missing=len(self._missing))

    def _ask(self, statement: str, parameter: int | list[int]) -> int | None:
        if self.connection is None:
            return None
        try:
            with self._asking() as cursor:
                cursor.execute(statement, [parameter])
                row = cursor.fetchone()
        except Error as error:
            log.warning("held_session_failed", error=str(error))
            return None
        return row[0] if row else None

    @contextmanager
    def _asking(self) -> Iterator[CursorWrapper]:
        """A statement that fails costs the session only where the session itself is at fault."""
        assert self.connection is not None  # noqa: S101 - both callers have looked
        try:
            with self.connection.cursor() as cursor:
                yield cursor
        except Error as error:
            if is_our_outage(error) or not self.connection.is_usable():
                self.lose()
            raise
