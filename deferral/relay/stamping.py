"""Which jobs are given hints now: as many as there is room for, the longest due first.

They are stamped with `sent_at`, and that is committed before anything is sent. No network here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from deferral.crashpoints import crashpoint
from deferral.ledger.ordering import has_open_predecessor
from deferral.registry import TASKS, thread_queues
from deferral.relay.hints import Addressed, Hint

# How many times HINTS_AHEAD where threads take the hints: a process has 64 of them, and what is
# left when a queue is filled up again, half, should be enough for all of them at once.
IN_THREADS = 3

# Hints under way in each queue; counting ends where there is no room left anyhow.
UNDER_WAY = """
SELECT q.name, count(*)
FROM unnest(%(queues)s::text[], %(ahead)s::int[]) AS q (name, ahead) CROSS JOIN LATERAL (
    SELECT FROM deferral_job j
    WHERE j.queue = q.name AND j.state = 'pending' AND j.sent_at IS NOT NULL LIMIT q.ahead
) AS given GROUP BY q.name
"""

# Arrays and LIMIT 1 keep every step of STAMP on its index, whatever the statistics say of a queue
# that was empty when they were taken, or full (`state || ''`: ledger.bodies).

# The longest due of each queue. Tasks that are not known here are left to a newer relay: their
# hints would be refused, and keep the queue's room.
DUE = f"""
    SELECT found.* FROM unnest(%(queues)s::text[], %(rooms)s::int[]) AS q (queue, room)
    CROSS JOIN LATERAL (
        SELECT j.id, j.body_id FROM deferral_job j
        WHERE j.queue = q.queue AND j.state = 'pending' AND j.sent_at IS NULL AND j.next_at <= now()
          AND j.task = ANY(%(tasks)s)
          AND (j.expires_at IS NULL OR j.expires_at > now())
          AND (j.ordering_key IS NULL OR NOT {has_open_predecessor("j")})
        ORDER BY j.next_at LIMIT q.room FOR UPDATE SKIP LOCKED
    ) AS found"""  # noqa: S608 - a condition of our own

# A chord is one message with all its parts, and the relay sends nothing else meanwhile.
MOST_OF_A_CHORD = 200

# The joins that they are parts of, and whether nothing of one has gone out. A join with a single
# part left needs no chord: its body is due the moment that part is settled. Nor has one that is
# larger, or grows while its first part runs (`fan_out`): their parts go one by one.
JOIN_OF = f"""
    SELECT d.id, b.id AS body_id, b.unsent FROM due d CROSS JOIN LATERAL (
        SELECT b.id, b.sent_at IS NULL AND b.open_parts BETWEEN 2 AND {MOST_OF_A_CHORD}
          AND coalesce((
            SELECT false FROM deferral_job p WHERE p.body_id = b.id AND p.epoch > 0 LIMIT 1
          ), true) AS unsent
        FROM deferral_job b
        WHERE b.id = d.body_id AND b.state || '' = 'waiting' AND %(chords)s LIMIT 1
    ) AS b"""  # noqa: S608 - a number of our own

# Joins that have not gone out. Another relay's, which it is about to stamp, is left to it.
WHOLE = """
    SELECT b.id FROM deferral_job b
    WHERE b.id = ANY(ARRAY(SELECT body_id FROM join_of WHERE unsent))
      AND b.state || '' = 'waiting' AND b.sent_at IS NULL FOR UPDATE SKIP LOCKED"""

# Each of those goes whole, whatever the room: its parts and its body are stamped together.
CHOSEN = """
    SELECT id FROM due WHERE id NOT IN (SELECT id FROM join_of WHERE unsent)
    UNION ALL
    SELECT p.id FROM whole w CROSS JOIN LATERAL (
        SELECT p.id FROM deferral_job p
        WHERE p.body_id = w.id AND p.state = 'pending' AND p.sent_at IS NULL
          AND p.next_at <= now() OFFSET 0) p"""

STAMP = f"""
WITH due AS MATERIALIZED ({DUE}
), join_of AS MATERIALIZED ({JOIN_OF}
), whole AS MATERIALIZED ({WHOLE}
), begun AS (
    UPDATE deferral_job b SET sent_at = now() WHERE b.id = ANY(ARRAY(SELECT id FROM whole))
), stamped AS (
    UPDATE deferral_job j SET sent_at = now()
    WHERE j.id = ANY(ARRAY({CHOSEN}))
      AND j.state || '' = 'pending' AND j.sent_at IS NULL
    RETURNING j.*
)
SELECT s.body_id IN (SELECT id FROM whole), {Addressed.columns("s")}, {Addressed.columns("b")}
FROM stamped s LEFT JOIN LATERAL (
    SELECT b.* FROM deferral_job b WHERE b.id = s.body_id AND b.state || '' = 'waiting'
      AND (b.sent_at IS NOT NULL OR b.id IN (SELECT id FROM whole)) LIMIT 1
) AS b ON true
ORDER BY s.next_at, b.id, s.id
"""  # noqa: S608 - steps of our own


def rooms(queues: Sequence[str], *, per_queue: int) -> dict[str, int]:
    """How many hints may be given now, in the queues that have room.

    No more than HINTS_AHEAD are under way in a queue, three times as many in one for threads. It
    is filled up when it is half empty: in a rush, one look for many and not for each.
    """
    most = {queue: ahead(queue) for queue in queues}
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY, {"queues": list(most), "ahead": list(most.values())})
        given = dict(cursor.fetchall())
    return {
        queue: min(per_queue, most[queue] - given.get(queue, 0))
        for queue in queues
        if given.get(queue, 0) <= most[queue] // 2
    }


def ahead(queue: str) -> int:
    """So many hints may be under way in it."""
    most: int = settings.HINTS_AHEAD
    return most * IN_THREADS if queue in thread_queues() else most


def stamp(room: Mapping[str, int]) -> list[Hint]:
    """Stamp what is due, at most so many in each queue and joins whole; return their hints."""
    parameters: dict[str, Any] = {
        "queues": list(room),
        "rooms": list(room.values()),
        "tasks": list(TASKS),
        "chords": settings.JOINS_AS_CHORDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(STAMP, parameters)
        found = [_hint(*row) for row in cursor.fetchall()]
    if found:
        crashpoint("stamped")
    return found


def _hint(is_first: bool | None, *columns: Any) -> Hint:  # noqa: FBT001 - a column
    each = len(Addressed._fields)
    job, body = Addressed(*columns[:each]), Addressed(*columns[each:])
    return Hint(job, body if body.id else None, is_first=bool(is_first))
