"""A worker keeps its database connection between jobs, as Django keeps it between requests.

Celery's fixup would close it before and after every task. Between jobs only: inside one the
connection holds the job's lock.

After an outage nobody keeps anything. A session that was opened while its database was read-only
stays so for all its life, and a pool would lend it again and again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from celery import signals
from django.db import close_old_connections, connection, connections
from django.db.backends.utils import CursorWrapper
from psycopg_pool import PoolTimeout

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# Where somebody else's session is lent for a statement at a time.
Cursors = Callable[[], AbstractContextManager[CursorWrapper]]


@signals.task_prerun.connect
@signals.task_postrun.connect
def _between_jobs(**_: Any) -> None:
    close_old_connections()


def sign_in(role: str) -> None:
    """Name this process's database session, by which others see that it lives (`ledger.living`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [role])


def drop_sessions(because: BaseException | None = None) -> None:
    """End this thread's session, and let a pool make all of its own anew. Never in a transaction.

    Safe to repeat, and quick: what is lent to other threads ends when they give it back. `because`
    is what was raised: where a pool had none left, none of them is bad.
    """
    pool = getattr(connection, "pool", None)
    had_none_left = isinstance(getattr(because, "__cause__", None), PoolTimeout)
    if pool is not None and not had_none_left:
        pool.drain()
    connection.close()


def leave_the_pool() -> None:
    """This thread has a connection of its own from here on: a pool's are for those who give them
    back, and whoever looks after them must not wait until they do.
    """
    connection.close()
    connections["default"] = unpooled()


def unpooled(start_options: str = "") -> "BaseDatabaseWrapper":
    """A connection for whoever keeps it, and any thread; not open yet.

    Neither one of this thread's, which are closed between jobs, nor one that a pool lends.
    `start_options` go beyond what a process of this role starts a session with.
    """
    found = connections.create_connection("default")
    options = {k: v for k, v in found.settings_dict["OPTIONS"].items() if k != "pool"}
    options["options"] = f"{options.get('options', '')} {start_options}".strip()
    found.settings_dict = {**found.settings_dict, "OPTIONS": options}
    found.inc_thread_sharing()
    return found
