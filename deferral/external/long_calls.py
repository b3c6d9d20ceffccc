"""Before a call that takes long, to an external service that decides how long.

In the web the database connection goes back to its pool meanwhile: an external service that hangs
would take every connection from the rest of the shop. Inside a job it stays: its session holds the
job's lock.
"""

from django.db import connection

from deferral.errors import NoCurrentJob
from deferral.tasks import current_job


def before_long_call() -> None:
    """Give the connection back, unless it holds a job's lock. Never inside a transaction."""
    try:
        current_job()
    except NoCurrentJob:
        connection.close()
