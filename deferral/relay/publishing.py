"""Giving hints: due jobs are stamped, that is committed, and then their messages are sent.

The one place that publishes to Celery, and the one that knows chords. A hint that is lost between
stamp and broker, in the broker, or in a worker is found by a marker (see `markers`) and given
again; one given twice is refused by the claim.
"""

import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from celery import chord, current_app
from celery.canvas import Signature
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from deferral.crashpoints import crashpoint
from deferral.database.outage import is_our_outage
from deferral.registry import TASKS
from deferral.registry import lanes as every_lane

log = structlog.get_logger(__name__)

# Of each lane and pass, so that a long lane cannot keep a short one waiting in the relay.
PER_LANE = 50

# Hints under way in each lane; counting ends where there is no room left anyhow.
UNDER_WAY = """
SELECT l.name, count(*) FROM unnest(%(lanes)s::text[]) AS l (name) CROSS JOIN LATERAL (
    SELECT FROM deferral_job j
    WHERE j.lane = l.name AND j.state = 'pending' AND j.sent_at IS NOT NULL LIMIT %(ahead)s
) AS given GROUP BY l.name
"""

# The longest due of each lane. Where one is part of a join that has not gone out, the whole join
# goes, whatever the room: its parts and its body are stamped together. Another relay's join, which
# it is about to stamp, is left to it. A join with a single part left needs no chord: its body is
# due the moment that part is settled.
#
# Tasks that are not known here are left to a newer relay: their hints would be refused, and keep
# the lane's room. Arrays and LIMIT 1 keep every step on its index, whatever the statistics say of a
# lane that was empty when they were taken, or full (`state || ''`: FINISH).
STAMP = """
WITH due AS MATERIALIZED (
    SELECT found.* FROM unnest(%(lanes)s::text[], %(rooms)s::int[]) AS l (lane, room)
    CROSS JOIN LATERAL (
        SELECT j.id, j.body_id FROM deferral_job j
        WHERE j.lane = l.lane AND j.state = 'pending' AND j.sent_at IS NULL AND j.next_at <= now()
          AND j.task = ANY(%(tasks)s)
          AND (j.expires_at IS NULL OR j.expires_at > now())
          AND (j.serial IS NULL OR NOT EXISTS (
              SELECT 1 FROM deferral_job e
              WHERE e.serial = j.serial AND e.id < j.id
                AND e.state IN ('waiting', 'pending', 'running', 'dead')))
        ORDER BY j.next_at LIMIT l.room FOR UPDATE SKIP LOCKED
    ) AS found
), join_of AS MATERIALIZED (
    SELECT d.id, b.id AS body_id, b.unsent FROM due d CROSS JOIN LATERAL (
        SELECT b.id, b.sent_at IS NULL AND b.open_parts > 1 AS unsent FROM deferral_job b
        WHERE b.id = d.body_id AND b.state || '' = 'waiting' AND %(chords)s LIMIT 1
    ) AS b
), whole AS MATERIALIZED (
    SELECT b.id FROM deferral_job b
    WHERE b.id = ANY(ARRAY(SELECT body_id FROM join_of WHERE unsent))
      AND b.state || '' = 'waiting' AND b.sent_at IS NULL FOR UPDATE SKIP LOCKED
), begun AS (
    UPDATE deferral_job b SET sent_at = now() WHERE b.id = ANY(ARRAY(SELECT id FROM whole))
), stamped AS (
    UPDATE deferral_job j SET sent_at = now()
    WHERE j.id = ANY(ARRAY(
        SELECT id FROM due WHERE id NOT IN (SELECT id FROM join_of WHERE unsent)
        UNION ALL
        SELECT p.id FROM whole w CROSS JOIN LATERAL (
            SELECT p.id FROM deferral_job p
            WHERE p.body_id = w.id AND p.state = 'pending' AND p.sent_at IS NULL
              AND p.next_at <= now() OFFSET 0) p))
      AND j.state || '' = 'pending' AND j.sent_at IS NULL
    RETURNING j.*
)
SELECT s.id, s.key, s.task, s.lane, s.task_id, b.id, b.key, b.task, b.lane, b.task_id,
       s.body_id IN (SELECT id FROM whole)
FROM stamped s LEFT JOIN LATERAL (
    SELECT b.* FROM deferral_job b WHERE b.id = s.body_id AND b.state || '' = 'waiting'
      AND (b.sent_at IS NOT NULL OR b.id IN (SELECT id FROM whole)) LIMIT 1
) AS b ON true
ORDER BY s.next_at, b.id, s.id
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
    is_first: bool | None = False  # whether its join goes out with it, for the first time

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
    hints = _stamp(rooms)
    _send(_batches(hints))
    if hints:
        crashpoint("all_sent")
    return len(hints)


def _rooms(lanes: Sequence[str], per_lane: int) -> dict[str, int]:
    """How many hints may be given now, in the lanes that have room.

    A lane is filled up when it is half empty: in a rush, one look for many and not for each.
    """
    ahead = settings.HINTS_AHEAD
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, {"lanes": list(lanes), "ahead": ahead})
        given = dict(cursor.fetchall())
    return {
        lane: min(per_lane, ahead - given.get(lane, 0))
        for lane in lanes
        if given.get(lane, 0) <= ahead // 2
    }


def _stamp(rooms: Mapping[str, int]) -> list[Hint]:
    parameters: dict[str, Any] = {
        "lanes": list(rooms),
        "rooms": list(rooms.values()),
        "tasks": list(TASKS),
        "chords": settings.JOINS_AS_CHORDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(STAMP, parameters)
        rows = cursor.fetchall()
    if rows:
        crashpoint("stamped")
    return [Hint(row[:5], Hint(row[5:10], None) if row[5] else None, row[10]) for row in rows]


def _batches(hints: Iterable[Hint]) -> list[list[Hint]]:
    """Joins that go out for the first time are together, everything else is alone."""
    found: dict[object, list[Hint]] = {}
    for hint in hints:
        found.setdefault(hint.body.id if hint.body and hint.is_first else hint, []).append(hint)
    return list(found.values())


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
