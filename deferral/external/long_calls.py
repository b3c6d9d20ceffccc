"""Before a call that takes long, to an external service that decides how long.

The database connection goes back to its pool meanwhile: an external service that hangs would take
every connection from the rest of the shop, or from the other threads of a worker. In a prefork
child it stays while a job runs: its session holds the job's lock.
"""

from django.db import connection

from deferral.database import holding
from deferral.errors import NoCurrentJob
from deferral.tasks import current_job


def before_long_call() -> None:
    """Give the connection back, unless it holds a job's lock, or a transaction."""
    if connection.in_atomic_block:
        return
    if holding.are_shared() or not _runs_a_job():
        connection.close()


def _runs_a_job() -> bool:
    try:
        current_job()
    except NoCurrentJob:
        return False
    return True
