"""The lock of the job that runs: by it everybody knows that its process lives.

In a thread of its own connection the claim takes it and whatever settles the job frees it, in the
same round trips. In a thread worker the process's session holds it (`database.holding`): before the
claim, until after what settles the job, and meanwhile no connection of the pool is kept for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection

from deferral.database import holding
from deferral.database.locks import job_lock


@contextmanager
def locked(job_id: int) -> Iterator[bool]:
    """Around everything that is done about a job; whether its lock is, or may be, ours.

    It frees what an exception has left behind, be it a slot that the job had taken: a time limit
    can strike between any two lines, and no lock outlives the attempt.
    """
    if holding.are_shared():
        before = holding.mine()
        try:
            yield holding.hold_one_of([job_lock(job_id)]) is not None
        finally:
            holding.drop_since(before)
        return
    try:
        yield True
    except BaseException:
        let_go()
        raise


def let_go() -> None:
    """Free whatever lock this session still holds: its process lives, but not for this job.

    Never raises: a connection that cannot do even that is closed, and PostgreSQL lets go for it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    except Error:
        connection.close()


def own_lock(job_id: int) -> int | None:
    """The lock that a statement takes and frees in its own session; None where it is shared."""
    return None if holding.are_shared() else job_lock(job_id)
