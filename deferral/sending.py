"""Giving hints: due jobs are stamped, that is committed, and then their messages are sent.

The one place that publishes to Celery, and the one that knows chords. A hint that is lost between
stamp and broker, in the broker, or in a worker is found by a marker (see `markers`) and given
again; one given twice is refused by the claim.
"""

import itertools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from celery import chord, current_app
from celery.canvas import Signature
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from deferral.crashpoints import crashpoint
from deferral.outage import is_our_outage
from deferral.registry import TASKS
from deferral.registry import lanes as every_lane

log = structlog.get_logger(__name__)

# Of each lane and tick, so that a long lane cannot keep a short one waiting in the relay.
PER_LANE = 50
JOINS_PER_TICK = 5

# Hints under way in each lane, none counted twice beyond what is asked for.
UNDER_WAY = """
SELECT l.name, count(*) FROM unnest(%(lanes)s::text[]) AS l (name) CROSS JOIN LATERAL (
    SELECT FROM deferral_job j
    WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NOT NULL LIMIT %(ahead)s
) AS given GROUP BY l.name
"""

# A join goes out as a whole, whatever the batch: its parts and its body are stamped together. One
# with a single part (left) needs no chord: its body is due the moment that part is settled. Both
# statements find what they want by index however many joins wait already (`state || ''`: FINISH).
STAMP_JOINS = """
WITH body AS MATERIALIZED (
    SELECT id FROM deferral_job
    WHERE state = 'waiting' AND sent_at IS NULL AND open_parts > 1 AND lane = ANY(%(lanes)s)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), stamped_body AS (
    UPDATE deferral_job b SET sent_at = now() FROM body WHERE b.id = body.id RETURNING b.*
), stamped AS (
    UPDATE deferral_job j SET sent_at = now() FROM body
    WHERE j.body_id = body.id AND j.state = 'pending' AND j.sent_at IS NULL AND j.next_at <= now()
    RETURNING j.*
)
SELECT s.id, s.key, s.task, s.lane, s.task_id, b.id, b.key, b.task, b.lane, b.task_id
FROM stamped s JOIN stamped_body b ON b.id = s.body_id ORDER BY b.id, s.id
"""

# The parts of a join that has not gone out yet are left to the statement above, and tasks that are
# not known here to a newer relay: their hints would be refused, and keep the lane's room.
STAMP_JOBS = """
WITH due AS MATERIALIZED (
    SELECT found.id FROM unnest(%(lanes)s::text[], %(rooms)s::int[]) AS l (lane, room)
    CROSS JOIN LATERAL (
        SELECT j.id FROM deferral_job j
        WHERE j.lane = l.lane AND j.state = 'pending' AND j.sent_at IS NULL AND j.next_at <= now()
          AND j.task = ANY(%(tasks)s)
          AND (j.expires_at IS NULL OR j.expires_at > now())
          AND (j.serial IS NULL OR NOT EXISTS (
              SELECT 1 FROM deferral_job e
              WHERE e.serial = j.serial AND e.id < j.id
                AND e.state IN ('waiting', 'pending', 'running', 'dead')))
          AND (j.body_id IS NULL OR NOT %(chords)s OR NOT EXISTS (
              SELECT 1 FROM deferral_job b
              WHERE b.id = j.body_id AND b.state || '' = 'waiting' AND b.sent_at IS NULL
                AND b.open_parts > 1))
        ORDER BY j.next_at LIMIT l.room FOR UPDATE SKIP LOCKED
    ) AS found
), stamped AS (
    UPDATE deferral_job j SET sent_at = now() FROM due WHERE j.id = due.id RETURNING j.*
)
SELECT s.id, s.key, s.task, s.lane, s.task_id, b.id, b.key, b.task, b.lane, b.task_id
FROM stamped s
LEFT JOIN deferral_job b
  ON b.id = s.body_id AND b.state || '' = 'waiting' AND b.sent_at IS NOT NULL
ORDER BY s.next_at
"""

# Not their bodies: a chord is begun once. Parts that are sent again go one by one, as parts of that
# chord.
UNSTAMP = "UPDATE deferral_job SET sent_at = NULL WHERE id = ANY(%s) AND state = 'pending'"

# The relay is its own retry. Left alone, Celery asks a broker that is away for six seconds, and all
# that the relay looks after meanwhile waits as long.
ASKED_ONCE = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class BrokerAway(Exception):
    """The broker took no message. What was not sent is due again; it cost no job anything."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a message needs to know of a job; for a part of a join also its body."""

    row: tuple[int, str, str, str, uuid.UUID]  # id, key, task, lane, task_id
    body: "Hint | None"

    @property
    def id(self) -> int:
        """The job's."""
        return self.row[0]

    def signature(self, **options: Any) -> Signature[Any]:
        """The message: a job's id. `immutable`, for a part's result is none of the body's."""
        job, key, task, lane, task_id = self.row
        return current_app.signature(
            task,
            kwargs={"job": job},
            immutable=True,
            options={
                "task_id": str(task_id),
                "queue": lane,
                "kwargsrepr": repr({"job": job, "key": key}),
                "retry": False,
                **options,
            },
        )

    @property
    def group_id(self) -> str:
        """The chord's group, the same whenever the body's is asked: no column needed."""
        return str(uuid.uuid5(self.row[4], "parts"))


def ask_once() -> None:
    """From here on this process hears at once that the broker is away."""
    conf = current_app.conf
    conf.broker_transport_options = {**conf.broker_transport_options, **ASKED_ONCE}


def send_due(*, lanes: Sequence[str] | None = None, per_lane: int = PER_LANE) -> int:
    """Give the hints that are due and return how many there were. BrokerAway when it failed.

    Of some lanes only, or of all. No more than HINTS_AHEAD are under way in a lane: what waits,
    waits in the ledger, where the oldest is next, and a confirmation that has just become due is
    not behind the documents of everybody who came later.
    """
    rooms = _rooms(lanes or every_lane(), per_lane)
    if not rooms:
        return 0
    chords, where = settings.JOINS_AS_CHORDS, list(rooms)
    joins = _stamp(STAMP_JOINS, limit=JOINS_PER_TICK, lanes=where) if chords else []
    _send([list(parts) for _, parts in itertools.groupby(joins, key=lambda hint: hint.body)])
    limits = {"rooms": list(rooms.values()), "tasks": list(TASKS), "chords": chords}
    jobs = _stamp(STAMP_JOBS, lanes=where, **limits)
    _send([hint] for hint in jobs)
    if joins or jobs:
        crashpoint("all_sent")
    return len(joins) + len(jobs)


def _rooms(lanes: Sequence[str], per_lane: int) -> dict[str, int]:
    """How many hints may be given now, in the lanes that have room."""
    ahead = settings.HINTS_AHEAD
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, {"lanes": list(lanes), "ahead": ahead})
        given = dict(cursor.fetchall())
    rooms = {lane: min(per_lane, ahead - given.get(lane, 0)) for lane in lanes}
    return {lane: room for lane, room in rooms.items() if room > 0}


def _stamp(statement: str, **parameters: Any) -> list[Hint]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    if rows:
        crashpoint("stamped")
    return [Hint(row[:5], Hint(row[5:], None) if row[5] else None) for row in rows]


def _send(batches: Iterable[Sequence[Hint]]) -> None:
    """A batch is one job, or all the parts of a join that goes out for the first time."""
    left = list(batches)
    try:
        while left:
            _attempt(left[0])
            left.pop(0)
            crashpoint("sent")
    except (OperationalError, OSError) as error:
        crashpoint("send_failed")
        _unstamp(itertools.chain.from_iterable(left))
        crashpoint("unstamped")
        start_afresh()
        raise BrokerAway(str(error)) from error


def _attempt(batch: Sequence[Hint]) -> None:
    """A message that cannot be written stops no other. A marker finds it lost; then again."""
    try:
        _publish(batch)
    except Exception as error:
        if isinstance(error, (OperationalError, OSError)) or is_our_outage(error):
            raise
        log.exception("hint_not_sent", keys=[hint.row[1] for hint in batch])


def _publish(batch: Sequence[Hint]) -> None:
    first, body = batch[0], batch[0].body
    if body is None or not settings.JOINS_AS_CHORDS:
        first.signature().apply_async()
    elif len(batch) > 1:
        header = [hint.signature(ignore_result=False) for hint in batch]
        # The chord's own task id names its group; an id set on a group given to it is dropped.
        chord(header, body=body.signature()).set(task_id=body.group_id).apply_async()
    else:
        kept = first.signature(ignore_result=False)
        kept.apply_async(group_id=body.group_id, chord=body.signature())


def start_afresh() -> None:
    """Drop the publisher's connection: the next message connects and declares again."""
    with current_app.connection_or_acquire() as link:
        link.collect()


def _unstamp(hints: Iterable[Hint]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNSTAMP, [[hint.id for hint in hints]])
