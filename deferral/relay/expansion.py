"""Events into jobs: run each event's handlers and write what they yield.

A savepoint per event, no network. Events of one subject are expanded in their order, so that a
cancellation can never be worked on before the payment it undoes: one that fails holds up its own
subject, and nothing else.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.database.outage import is_held_up, is_our_outage
from deferral.enqueueing import understood
from deferral.errors import PartsAlreadyExist
from deferral.events import EVENTS
from deferral.handlers import JobSpec, Join, Work
from deferral.ledger.reports import report, with_report
from deferral.models import Event, Job
from deferral.policies import RetryPolicy
from deferral.registry import HANDLERS

log = structlog.get_logger(__name__)

# A handler that raises is a bug or a missing row: 1 s, 2 s … about four minutes in all.
EXPANSION = RetryPolicy(attempts=8, first=1, ceiling=120)
BATCH = 100
# Rows of one INSERT: thirty-odd parameters each, and PostgreSQL takes 65,535.
AT_ONCE = 1_000
HELD_UP_FOR = timedelta(seconds=3)  # until an event whose handlers met somebody's lock is due again


def expand_events() -> int:
    """Expand what is due and known to this code; return how many events were looked at."""
    with transaction.atomic():
        events = list(_due())
        for event in events:
            crashpoint("event_locked")
            _expand(event)
    if events:
        crashpoint("expanded")
    return len(events)


def _due() -> Iterable[Event]:
    """What is not understood is left for a newer relay."""
    earlier = Event.objects.filter(
        subject=OuterRef("subject"), pk__lt=OuterRef("pk"), state__in=["pending", "dead"]
    )
    due = Event.objects.filter(understood(), ~Exists(earlier), state="pending", next_at__lte=Now())
    return due.order_by("id").select_for_update(skip_locked=True)[:BATCH]


def _expand(event: Event) -> None:
    try:
        with transaction.atomic():
            fact = EVENTS[event.type].restore(event.payload)
            handlers = HANDLERS.get(event.type, [])
            write_jobs([work for handler in handlers for work in handler(fact)], event=event)
            Event.objects.filter(pk=event.pk).update(state="expanded", expanded_at=Now())
            crashpoint("jobs_written")
    except Exception as error:
        if is_our_outage(error):
            raise
        if is_held_up(error):
            _make_room(event, error)
        else:
            _fail(event, error)


def _make_room(event: Event, error: Exception) -> None:
    """Somebody holds a row that a handler wants: the others go first, and no attempt is spent."""
    Event.objects.filter(pk=event.pk).update(next_at=Now() + HELD_UP_FOR)
    log.warning("event_held_up", event_id=event.pk, type=event.type, error=str(error))


def _fail(event: Event, error: Exception) -> None:
    attempts = event.attempts + 1
    exhausted = attempts >= EXPANSION.attempts
    entry = report(error, kind="handler") | {"attempt": attempts}
    Event.objects.filter(pk=event.pk).update(
        attempts=attempts,
        errors=with_report(event.errors, entry),
        cause=entry["cause"] if exhausted else "",
        state="dead" if exhausted else "pending",
        next_at=Now() + timedelta(seconds=EXPANSION.wait(attempts)),
    )
    log.error("event_failed", event_id=event.pk, type=event.type, dead=exhausted, error=str(error))


def write_jobs(works: Sequence[Work], *, event: Event) -> None:
    """Insert the jobs. A key that exists is not written again: its effect is under way or done.

    A join stands or falls with its body's key; PartsAlreadyExist when only some parts are new.
    """
    known = _existing(works)
    singles = [work for work in works if isinstance(work, JobSpec) and work.key not in known]
    joins = [work for work in works if isinstance(work, Join) and work.body.key not in known]
    for join in joins:
        if taken := known.intersection(part.key for part in join.parts):
            raise PartsAlreadyExist(", ".join(sorted(taken)))
    Job.objects.bulk_create([_row(spec, event) for spec in singles], batch_size=AT_ONCE)
    bodies = Job.objects.bulk_create([_body(join, event) for join in joins], batch_size=AT_ONCE)
    parts = [
        _row(part, event, body=body)
        for join, body in zip(joins, bodies, strict=True)
        for part in join.parts
    ]
    Job.objects.bulk_create(parts, batch_size=AT_ONCE)


def _existing(works: Sequence[Work]) -> set[str]:
    keys = [spec.key for work in works for spec in _specs(work)]
    found: set[str] = set()
    for begin in range(0, len(keys), AT_ONCE):
        rows = Job.objects.filter(key__in=keys[begin : begin + AT_ONCE])
        found.update(rows.values_list("key", flat=True))
    return found


def _specs(work: Work) -> tuple[JobSpec, ...]:
    return (*work.parts, work.body) if isinstance(work, Join) else (work,)


def _body(join: Join, event: Event) -> Job:
    row = _row(join.body, event)
    row.state, row.is_body, row.open_parts = Job.State.WAITING, True, len(join.parts)
    return row


def _row(spec: JobSpec, event: Event, *, body: Job | None = None) -> Job:
    now = datetime.now(UTC)
    row = Job(
        key=spec.key,
        event=event,
        subject=event.subject,
        task=spec.spec.name,
        kwargs=spec.kwargs,
        queue=spec.spec.queue,
        service=spec.service,
        context=event.context,
        schema_version=spec.spec.schema_version,
        ordering_key=spec.ordering_key,
        body=body,
        expires_at=now + spec.lifetime if spec.lifetime else None,
    )
    if spec.delay:
        row.next_at = now + spec.delay
    return row
