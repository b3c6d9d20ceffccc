"""Where work waits, and whether anybody takes it."""

from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now

from deferral.ledger.living import SILENT_AFTER, is_living
from deferral.models import Queue
from deferral.registry import TASKS, queues

# A queue in which work waits and whose marker is away this long has nobody who serves it.
UNSERVED_AFTER = timedelta(seconds=10)

# What the relay asks fifty times a second while it is eager, so that it costs one round trip to
# find nothing. It may say yes where nothing can be done (behind a dead event, in an ordering key).
WORK_WAITS = """
SELECT EXISTS (SELECT FROM deferral_event WHERE state = 'pending' AND next_at <= now()),
       EXISTS (SELECT FROM unnest(%s::text[]) AS queue WHERE EXISTS (
           SELECT FROM deferral_job j WHERE j.queue = queue AND j.state = 'pending'
             AND j.sent_at IS NULL AND j.next_at <= now() AND j.task = ANY(%s)))
"""

# A claim is signed `17:4242`: the worker's row, and its child's process id.
BUSY = """
SELECT DISTINCT j.queue FROM deferral_job j JOIN deferral_worker w
  ON w.id = split_part(j.worker, ':', 1)::bigint
WHERE j.state = 'running' AND j.worker ~ '^[0-9]+:'
  AND w.seen_at > now() - make_interval(secs => %s)
"""


def work_waits() -> tuple[bool, bool]:
    """Whether an event may be due, and whether a job may be."""
    with connection.cursor() as cursor:
        cursor.execute(WORK_WAITS, [list(queues()), list(TASKS)])
        events, jobs = cursor.fetchone()
    return events, jobs


def unserved_queues() -> set[str]:
    """Queues in which work waits and nobody takes it; all of them when no relay lives."""
    if not is_living("relay"):
        return set(queues())
    overdue = Queue.objects.filter(overdue_since__lt=Now() - UNSERVED_AFTER)
    return set(overdue.values_list("name", flat=True)) - _busy_queues()


def _busy_queues() -> set[str]:
    """Queues in which somebody who gives signs of life runs a job."""
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [SILENT_AFTER["worker"]])
        return {queue for (queue,) in cursor.fetchall()}
