"""Which session holds a lock that outlives a transaction: this thread's own, or its process's.

A prefork child holds its job's lock in its one connection: it dies with the child. In a thread
worker the process's session holds those of all threads (`share`), so that no connection of the pool
is kept while a job waits for others.
"""

from collections.abc import Sequence, Set
from contextlib import suppress

from django.db import Error, connection

from deferral.database.held_session import HeldSession
from deferral.database.locks import FREE, TAKE_ONE

_shared: list[HeldSession] = []


def share(session: HeldSession) -> None:
    """From now on the threads of this process hold their locks in this one session."""
    _shared[:] = [session]


def are_shared() -> bool:
    """Whether the process's session holds them, and not this thread's own connection."""
    return bool(_shared)


def hold_one_of(locks: Sequence[int]) -> int | None:
    """Take the first lock that nobody holds. None when there is none. Drop it in the same thread.

    In a thread of its own connection an Error is raised; the process's session answers None then.
    """
    if _shared:
        return _shared[0].hold_one_of(locks)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_ONE, [list(locks)])
        row = cursor.fetchone()
    return row[0] if row else None


def drop_since(before: Set[int]) -> None:
    """Free what this thread has taken in the process's session, and did not hold `before`."""
    for lock in mine() - before:
        drop(lock)


def mine() -> Set[int]:
    """What this thread holds in the process's session."""
    return _shared[0].mine() if _shared else frozenset()


def drop(lock: int) -> None:
    """Free it, if it is this thread's. Never raises: a session that is gone has freed it."""
    if _shared:
        _shared[0].drop(lock)
        return
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute(FREE, [lock])
