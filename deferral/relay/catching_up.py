"""Who answers again gets at once what waits for another try, whatever pause each had left.

A partner that was down for half a minute would otherwise hear of an order five minutes later: its
second try had failed, and the third stands at five minutes. Looked at every second by the relay.

Not for a job that fails by its own fault while others get through: it is brought forward only when
all its failures are of this one trouble, and so once. Its policy's attempts and pauses stay.
"""

from datetime import timedelta

import structlog
from django.db import connection
from django.db.models.functions import Now

from deferral.external.jobs import jobs_of, spread_of
from deferral.external.rules import Status, status
from deferral.models import Breaker

log = structlog.get_logger(__name__)
CLOSED = Status.CLOSED

# Failures are dated by the worker that saw them, troubles by the database: so far apart may the two
# clocks be.
CLOCKS_APART = timedelta(seconds=5)

BRING_FORWARD = """
UPDATE deferral_job j
SET next_at = now() + make_interval(secs => random() * %(spread)s)
WHERE j.queue = ANY(%(queues)s) AND j.state = 'pending' AND j.sent_at IS NULL
  AND j.service = %(name)s AND j.service <> ''
  AND j.attempts > 0 AND j.next_at > now() + make_interval(secs => %(spread)s)
  AND (j.errors->0->>'at')::timestamptz >= %(since)s
"""


def catch_up() -> int:
    """Bring forward what waits for services that answer again; return how many jobs that were.

    Paced, as what was parked is. Safe to repeat: a job is never put off by it.
    """
    back = Breaker.objects.filter(recovered_from__isnull=False, failing_since=None)
    rows = [row for row in back.annotate(clock=Now()) if status(row, row.clock) is CLOSED]
    return sum(_bring_forward(row) for row in rows)


def _bring_forward(row: Breaker) -> int:
    names = jobs_of(row.name)
    with connection.cursor() as cursor:
        since = row.recovered_from - CLOCKS_APART  # type: ignore[operator]  # it is set
        facts = names | {"spread": spread_of(cursor, names), "since": since}
        cursor.execute(BRING_FORWARD, facts)
        count = int(cursor.rowcount)
    mine = Breaker.objects.filter(pk=row.pk, recovered_from=row.recovered_from)
    mine.update(recovered_from=None)
    log.info("service_is_back", service=row.name, brought_forward=count)
    return count
