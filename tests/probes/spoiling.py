"""Tasks that spoil the process of threads in which they run."""

import sys

from django.db import connection

from deferral.tasks import current_job, deferred_task
from tests.probes.tasks import QUICK, mark

HOARD: list[bytes] = []


@deferred_task(name="probes.hang_as_it_settles", queue="partners", retry=QUICK, time_limit=1)
def hang_as_it_settles(*, name: str) -> None:
    """Return, and have the statement that settles the job wait for a minute, if it may."""
    mark(name)
    vars(current_job())["finish"] = _wait_in_a_statement


def _wait_in_a_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET client_connection_check_interval = 100")  # nobody is left behind
        cursor.execute("SELECT pg_sleep(60)")


@deferred_task(name="probes.hoard", queue="partners", retry=QUICK, time_limit=30)
def hoard(*, name: str) -> None:
    """Never let go of 150 MiB."""
    mark(name)
    HOARD.append(b"." * (150 * 2**20))


@deferred_task(name="probes.exit_thread", queue="partners", retry=QUICK, time_limit=30)
def exit_thread(*, name: str) -> None:
    """What ends a program, and in a thread nothing."""
    mark(name)
    sys.exit(3)
