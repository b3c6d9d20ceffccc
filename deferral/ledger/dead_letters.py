"""What a person may do with dead rows: run them again under the same key, or let them go.

Both are recorded with who and why. Not for rows that live: those settle by themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, F, Func, Value
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.errors import NotReplayable
from deferral.ledger.bodies import releasing
from deferral.models import Event, Intervention, Job

COME_DUE = """
UPDATE {table} t SET next_at = now() + (%(first)s + n.place - 1) * make_interval(secs => %(gap)s)
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS n (id, place) WHERE t.id = n.id
"""

DISCARD = f"""
WITH gone AS (
    UPDATE deferral_job SET state = 'discarded', settled_at = now()
    WHERE id = ANY(%(ids)s::bigint[]) AND state = ANY(%(states)s)
    RETURNING body_id
), {releasing("gone")}
SELECT count(*) FROM gone
"""  # noqa: S608 - steps of our own


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast replayed rows come due: `gap` seconds from one to the next, `first` of them before.

    The ledger spreads them; nobody waits for it.
    """

    gap: float = 0.0
    first: int = 0


AT_ONCE = Pace()
# Rows of one INSERT: nine parameters each, 65,535 at most.
MOST_AT_ONCE = 7_000
FRESH = {"attempts": 0, "cause": "", "next_at": Now()}


@transaction.atomic
def replay_jobs(ids: Iterable[int], *, by: str, reason: str = "", pace: Pace = AT_ONCE) -> int:
    """Make dead jobs due again, with all their attempts; return how many.

    The key is the same, so a receiver that had it after all takes it for a repeat.
    """
    rows = list(_dead_jobs(ids))
    Job.objects.filter(among(row.pk for row in rows)).update(
        **FRESH, state="pending", crashes=0, losses=0, asked="", sent_at=None, settled_at=None
    )
    _spread(Job, rows, pace)
    _record(Intervention.Action.REPLAY, by, reason, jobs=rows)
    crashpoint("replay_written")
    return len(rows)


@transaction.atomic
def discard_jobs(ids: Iterable[int], *, by: str, reason: str) -> int:
    """Give dead jobs up; what waits for them goes on without. NotReplayable without a reason."""
    _insist(reason)
    rows = list(_dead_jobs(ids))
    let_go([row.pk for row in rows], states=["dead"])
    _record(Intervention.Action.DISCARD, by, reason, jobs=rows)
    crashpoint("discard_written")
    return len(rows)


def let_go(ids: Sequence[int], *, states: Sequence[str]) -> None:
    """Discard the jobs that are in one of these states; what waits for them goes on without."""
    with connection.cursor() as cursor:
        cursor.execute(DISCARD, {"ids": list(ids), "states": list(states)})


@transaction.atomic
def replay_events(ids: Iterable[int], *, by: str, reason: str = "", pace: Pace = AT_ONCE) -> int:
    """Let handlers try dead events again; return how many."""
    rows = list(_dead_events(ids))
    Event.objects.filter(among(row.pk for row in rows)).update(**FRESH, state="pending")
    _spread(Event, rows, pace)
    _record(Intervention.Action.REPLAY, by, reason, events=rows)
    return len(rows)


@transaction.atomic
def discard_events(ids: Iterable[int], *, by: str, reason: str) -> int:
    """Give dead events up, which lets later events of their subjects pass."""
    _insist(reason)
    rows = list(_dead_events(ids))
    Event.objects.filter(among(row.pk for row in rows)).update(state="discarded", expanded_at=Now())
    _record(Intervention.Action.DISCARD, by, reason, events=rows)
    return len(rows)


def among(ids: Iterable[int]) -> Func:
    """`id = ANY(ids)`, for filter(): one parameter, where `pk__in` has one each and 65,535 at most.

    That is the most that a statement bound on the server can have.
    """
    given = Value(list(ids), output_field=ArrayField(BigIntegerField()))
    any_of = {"template": "%(expressions)s)", "arg_joiner": " = ANY("}
    return Func(F("pk"), given, output_field=BooleanField(), **any_of)


def _dead_jobs(ids: Iterable[int]) -> Iterable[Job]:
    return Job.objects.filter(among(ids), state="dead").order_by("id").select_for_update()


def _dead_events(ids: Iterable[int]) -> Iterable[Event]:
    return Event.objects.filter(among(ids), state="dead").order_by("id").select_for_update()


def _spread(model: type[Job | Event], rows: Sequence[Job | Event], pace: Pace) -> None:
    """By their age, the oldest first."""
    if not pace.gap:
        return
    statement = COME_DUE.format(table=model._meta.db_table)  # noqa: SLF001 - documented
    with connection.cursor() as cursor:
        ids = [row.pk for row in rows]
        cursor.execute(statement, {"first": pace.first, "gap": pace.gap, "ids": ids})


def _insist(reason: str) -> None:
    if not reason.strip():
        raise NotReplayable("Say why it may be given up.")


def _record(
    action: Intervention.Action,
    by: str,
    reason: str,
    *,
    jobs: Iterable[Job] = (),
    events: Iterable[Event] = (),
) -> None:
    notes = [Intervention(job=row, about=row.key, subject=row.subject) for row in jobs]
    notes += [Intervention(event=row, about=str(row), subject=row.subject) for row in events]
    for note in notes:
        note.action, note.by, note.reason = action, by, reason
    Intervention.objects.bulk_create(notes, batch_size=MOST_AT_ONCE)
