"""What the doctor asks of the machinery: database, broker, queues, schedules, relay."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.db import Error, connection
from django.db.models import Count
from django.utils import timezone
from kombu.exceptions import OperationalError

from deferral.broker.passing import pass_a_message
from deferral.health.findings import Finding, health_check, in_seconds
from deferral.health.trial import try_a_write
from deferral.ledger import living, statistics
from deferral.models import Job, UnreadableMessages
from deferral.registry import TASKS
from deferral.schedules.reckoning import reckon
from deferral.schedules.ticking import all_schedules

# As far behind as a queue that is red (`pressure.rules`).
JOBS_LATE = timedelta(minutes=5)

# Seconds for which a message that nobody could read is news.
WORTH_A_LOOK = 3_600


@health_check
def check_database() -> Iterable[Finding]:
    """The one thing nothing works without, and that it takes what an order would write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        [version] = cursor.fetchone()
    try:
        try_a_write()
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        detail = f"PostgreSQL {version} takes no orders now: {reason}"
        yield Finding(name="database", well=False, detail=detail)
    else:
        yield Finding(name="database", well=True, detail=f"PostgreSQL {version}, takes a write")


@health_check
def check_broker() -> Iterable[Finding]:
    """Its absence delays work and loses none. One that greets may take no message all the same."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            pass_a_message(broker)
            yield Finding(name="broker", well=True, detail=broker.as_uri())
    except (OperationalError, OSError) as error:
        yield Finding(name="broker", well=False, detail=f"{error}: work waits, none is lost")


@health_check
def check_processes() -> Iterable[Finding]:
    """The relay and beat, each by its last word to the database."""
    for role in ("relay", "beat"):
        silence = living.silence_of(role)
        said = "not running" if silence is None else f"last sign of life {in_seconds(silence)} ago"
        yield Finding(name=role, well=living.is_living(role), detail=said)


@health_check
def check_tasks() -> Iterable[Finding]:
    """Work that no code here knows: it waits for newer code, or for an app that is missing."""
    unknown = Job.objects.filter(state="pending").exclude(task__in=list(TASKS))
    for task, count in unknown.order_by().values_list("task").annotate(Count("id")):
        detail = f"{count} waiting, no code for it: is its app installed (EXTRA_APPS)?"
        yield Finding(name=f"task {task}", well=False, detail=detail)


@health_check
def check_queues() -> Iterable[Finding]:
    """Each queue: is it served, what waits and how long, what is dead."""
    workers = living.living_workers()
    for queue in statistics.queue_statistics(statistics.open_work(), statistics.recent_work()):
        served = queue.served and bool(workers)
        is_late = queue.oldest is not None and queue.oldest > JOBS_LATE
        oldest = f", oldest {in_seconds(queue.oldest)}" if queue.oldest else ""
        yield Finding(
            name=f"queue {queue.name}",
            well=served and not is_late,
            detail=f"{queue.due} due{oldest}, {queue.later} later, {queue.running} running, "
            f"{queue.dead} dead" + ("" if served else " - nobody serves it"),
        )
    yield from about_workers(living.signs_of_workers())


def about_workers(signs: Sequence[tuple[str, float]]) -> Iterable[Finding]:
    """Each with the age of its last sign of life; one that gives none is soon started again."""
    detail = ", ".join(f"{name} (sign of life {age:.0f} s ago)" for name, age in signs) or "none"
    well = bool(signs) and all(age < living.SILENT_AFTER["worker"] for _, age in signs)
    yield Finding(name="workers", well=well, detail=detail)


@health_check
def check_schedules() -> Iterable[Finding]:
    """Those that never run, whoever wrote them."""
    now = timezone.now()
    for row in all_schedules():
        if wrong := reckon(row, now).wrong:
            yield Finding(name=f"schedule {row.form.name}", well=False, detail=wrong)


@health_check
def check_messages() -> Iterable[Finding]:
    """What nobody could read was thrown away; whoever wrote it may still be at it."""
    for found in UnreadableMessages.objects.order_by("queue"):
        age = (datetime.now(UTC) - found.last_at).total_seconds()
        yield Finding(
            name=f"messages {found.queue}",
            well=age > WORTH_A_LOOK,
            detail=f"{found.count} thrown away unread, the last {age:.0f} s ago: {found.why}",
        )
