"""Looking at the ledger: what waits, what is dead, who lives. Nothing here changes anything."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Now

from deferral.database.locks import WORKER
from deferral.models import Event, Job, Lane
from deferral.registry import TASKS, lanes

# A lane in which work waits and whose marker is away this long has nobody who serves it.
UNSERVED_AFTER = timedelta(seconds=10)

# A process that has been silent for longer than it ever is.
SILENT_AFTER = {"relay": 10, "beat": 60, "worker": 30}

LIVING = """
SELECT EXISTS (
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = %s
      AND state_change > clock_timestamp() - make_interval(secs => %s))
"""

# What the relay asks fifty times a second while it is eager, so that it costs one round trip to
# find nothing. It may say yes where nothing can be done (behind a dead event, in a serial).
WORK_WAITS = """
SELECT EXISTS (SELECT FROM deferral_event WHERE state = 'pending' AND next_at <= now()),
       EXISTS (SELECT FROM unnest(%s::text[]) AS lane WHERE EXISTS (
           SELECT FROM deferral_job j WHERE j.lane = lane AND j.state = 'pending'
             AND j.sent_at IS NULL AND j.next_at <= now() AND j.task = ANY(%s)))
"""

SILENCE = """
SELECT min(clock_timestamp() - state_change) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s
"""

WORKERS = """
SELECT w.name FROM deferral_worker w JOIN pg_locks l
  ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
 AND (l.classid::bigint << 32) + l.objid::bigint = %s + w.id
WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY w.name
"""
WORKER_IDS = WORKERS.replace("w.name", "w.id")
SIGNS = WORKERS.replace(
    "SELECT w.name", "SELECT w.name, extract(epoch FROM now() - w.seen_at)::float", 1
)
# A claim is signed `17:4242`: the worker's row, and its child's process id.
BUSY = """
SELECT DISTINCT j.lane FROM deferral_job j JOIN deferral_worker w
  ON w.id = split_part(j.worker, ':', 1)::bigint
WHERE j.state = 'running' AND j.worker ~ '^[0-9]+:'
  AND w.seen_at > now() - make_interval(secs => %s)
"""


def work_waits() -> tuple[bool, bool]:
    """Whether an event may be due, and whether a job may be."""
    with connection.cursor() as cursor:
        cursor.execute(WORK_WAITS, [list(lanes()), list(TASKS)])
        events, jobs = cursor.fetchone()
    return events, jobs


def unserved_lanes() -> set[str]:
    """Lanes in which work waits and nobody takes it; all of them when no relay lives."""
    if not is_living("relay"):
        return set(lanes())
    overdue = Lane.objects.filter(overdue_since__lt=Now() - UNSERVED_AFTER)
    return set(overdue.values_list("name", flat=True)) - _busy_lanes()


def _busy_lanes() -> set[str]:
    """Lanes in which somebody who gives signs of life runs a job."""
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [SILENT_AFTER["worker"]])
        return {lane for (lane,) in cursor.fetchall()}


def is_living(role: str) -> bool:
    """Whether a relay, or a beat, has spoken to the database lately."""
    with connection.cursor() as cursor:
        cursor.execute(LIVING, [role, SILENT_AFTER[role]])
        return bool(cursor.fetchone()[0])


def silence_of(role: str) -> timedelta | None:
    """How long ago a relay, or a beat, last spoke to the database; None when none is there."""
    with connection.cursor() as cursor:
        cursor.execute(SILENCE, [role])
        found: timedelta | None = cursor.fetchone()[0]
    return found


def living_workers() -> list[str]:
    """The names of the workers whose main process lives."""
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, [WORKER])
        return [name for (name,) in cursor.fetchall()]


def signs_of_workers() -> list[tuple[str, float]]:
    """Each worker whose main process lives, and how many seconds ago it gave a sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNS, [WORKER])
        return list(cursor.fetchall())


def jobs_of(subject: str) -> QuerySet[Job]:
    """Everything done about one subject, in the order in which it was decided."""
    return Job.objects.filter(subject=subject).order_by("id")


def with_trouble(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The jobs, each with the `trouble` of its last error, without the errors themselves."""
    return jobs.annotate(trouble=KT("errors__-1__trouble"))  # type: ignore[no-redef]  # its default


def one_look(jobs: QuerySet[Job], subject: str) -> tuple[list[Job], set[str]]:
    """The subject's jobs, and the states of its events that are no jobs yet: pending, dead or none.

    Both as they were at one moment. Read one after the other they may show neither an event nor
    the jobs that were made of it meanwhile, and so an end that is none.
    """
    opened = Event.objects.filter(subject=subject, state__in=("pending", "dead"))
    before = set(opened.values_list("state", flat=True))
    states = ArraySubquery(opened.order_by().values("state").distinct())
    found = list(jobs.annotate(open_events=states))  # type: ignore[no-redef]  # its default
    return found, set(found[0].open_events) if found else before


def dead_jobs_by_cause() -> QuerySet[Job, Any]:
    """By task and cause, most first; `last_id` is one to look at. From one index, of the dead."""
    found: QuerySet[Job, Any] = (
        Job.objects.filter(state="dead")
        .values("cause", what=F("task"))
        .annotate(
            count=Count("id"), first=Min("settled_at"), last=Max("settled_at"), last_id=Max("id")
        )
        .order_by("-count", "what", "cause")
    )
    return found


def dead_events_by_cause() -> QuerySet[Event, Any]:
    """By type and cause, most first."""
    found: QuerySet[Event, Any] = (
        Event.objects.filter(state="dead")
        .values("cause", what=F("type"))
        .annotate(
            count=Count("id"), first=Min("created_at"), last=Max("created_at"), last_id=Max("id")
        )
        .order_by("-count", "what", "cause")
    )
    return found


def dead_counts() -> tuple[int, int]:
    """How many jobs and how many events are dead."""
    return (
        Job.objects.filter(state="dead").count(),
        Event.objects.filter(state="dead").count(),
    )


def living_worker_ids() -> set[int]:
    """The rows of the workers whose main process lives; one name has had many."""
    with connection.cursor() as cursor:
        cursor.execute(WORKER_IDS, [WORKER])
        return {id_ for (id_,) in cursor.fetchall()}
