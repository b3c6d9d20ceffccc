"""A worker keeps its database connection between jobs, as Django keeps it between requests.

Celery's fixup would close it before and after every task. Between jobs only: inside one the
connection holds the job's lock.
"""

from typing import Any

from celery import signals
from django.db import close_old_connections


@signals.task_prerun.connect
@signals.task_postrun.connect
def _between_jobs(**_: Any) -> None:
    close_old_connections()
