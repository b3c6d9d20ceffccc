"""A worker keeps its database connection between jobs, as Django keeps it between requests.

Celery's fixup would close it before and after every task. Between jobs only: inside one the
connection holds the job's lock.

After an outage nobody keeps anything. A session that was opened while its database was read-only
stays so for all its life, and a pool would lend it again and again.
"""

from typing import Any

from celery import signals
from django.db import close_old_connections, connection


@signals.task_prerun.connect
@signals.task_postrun.connect
def _between_jobs(**_: Any) -> None:
    close_old_connections()


def drop_sessions() -> None:
    """End this thread's session, and let a pool make all of its own anew. Never in a transaction.

    Safe to repeat, and quick: what is lent to other threads ends when they give it back.
    """
    pool = getattr(connection, "pool", None)
    if pool is not None:
        pool.drain()
    connection.close()
