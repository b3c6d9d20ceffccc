"""What is let go when there is too much work: jobs that may be shed, requests that bring much.

Both are counted, by queue and minute. Nothing is ever shed that has no lifetime, and no request is
refused that did not ask for it.
"""

from collections.abc import Collection
from random import random

from django.db import connection, transaction

from deferral.crashpoints import crashpoint
from deferral.ledger.bodies import releasing
from deferral.pressure import levels
from deferral.pressure.rules import KEPT_OF, Level, come_back_in

CAUSE = "too much work"

# One in ten is kept, by its key's hash: numbers go in step with the jobs of an order. What is
# claimed before the next look is kept whole.
SHED = f"""
WITH gone AS (
    UPDATE deferral_job SET state = 'expired', settled_at = now(), cause = %(cause)s
    WHERE state = 'pending' AND expires_at IS NOT NULL AND queue = ANY(%(queues)s)
      AND mod(abs(hashtext(key)::bigint), %(kept_of)s) <> 0
    RETURNING queue, body_id
), {releasing("gone")}
SELECT queue, count(*) FROM gone GROUP BY queue
"""  # noqa: S608 - steps of our own

COUNT = """
INSERT INTO deferral_shedding AS s (queue, minute, shed, refused)
VALUES (%(queue)s, date_trunc('minute', now()), %(shed)s, %(refused)s)
ON CONFLICT (minute, queue)
DO UPDATE SET shed = s.shed + excluded.shed, refused = s.refused + excluded.refused
"""


def shed_jobs() -> int:
    """Give up nine of ten jobs that may be shed, where a queue is amber; return how many.

    Looked at every second by the relay. Counted in the same statement's transaction.
    """
    queues = levels.queues_that_shed()
    if not queues:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SHED, {"queues": queues, "cause": CAUSE, "kept_of": KEPT_OF})
        found = dict(cursor.fetchall())
        for queue, count in found.items():
            cursor.execute(COUNT, {"queue": queue, "shed": count, "refused": 0})
    if found:
        crashpoint("shed")
    return sum(found.values())


def refuse(queues: Collection[str]) -> int | None:
    """For a request that would bring much work into `queues` at once: refused while one is red.

    Then it is counted, and the seconds are returned after which it is worth another try, from the
    rate at which the queue is done with. None: go on. Never ask for a checkout, nor for anything
    that a customer has paid for.
    """
    now = levels.of_queues(queues)
    if now.level is not Level.RED:
        return None
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"queue": min(queues, default=""), "shed": 0, "refused": 1})
    return come_back_in(now.load, random())  # noqa: S311 - no secret
