"""Finding lost hints, and queues that nobody serves.

While hints given more than a second ago still wait, a marker is sent through their queue. When it
arrives, every hint given a second before it has been overtaken: lost, or refused by the claim when
it does turn up. In a queue that is merely long the marker waits its turn like everything else, and
so measures the queue. No marker while nothing waits.
"""

import itertools
from datetime import UTC, datetime

import structlog
from celery import current_app, shared_task
from django.db import connection
from kombu.exceptions import OperationalError

from deferral.broker.connection import start_afresh
from deferral.crashpoints import crashpoint
from deferral.registry import queues

log = structlog.get_logger(__name__)

# A marker that is not back may be lost itself: another is sent after five seconds, and then ever
# more seldom, up to once a minute: hours without a worker must not fill the queue with markers.
AGAIN, MIN_AGAIN = 5, 60

ENSURE = "INSERT INTO deferral_queue (name) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"

DUE = """
UPDATE deferral_queue q
SET sent = clock_timestamp(), overdue_since = coalesce(q.overdue_since, clock_timestamp())
WHERE (q.overdue_since IS NULL
       OR q.sent < now() - make_interval(secs => %(again)s)
                   - least((q.sent - q.overdue_since) / 2, make_interval(secs => %(at_least)s)))
  AND EXISTS (SELECT 1 FROM deferral_job j WHERE j.queue = q.name AND j.state = 'pending'
              AND j.sent_at < now() - interval '1 s')
RETURNING q.name, q.sent, q.overdue_since < q.sent - interval '1 s'
"""

# Only a marker that was sent counts: what an external service writes to the broker changes nothing.
ARRIVED = """
UPDATE deferral_queue
SET seen = %(sent)s, wait = clock_timestamp() - %(sent)s, overdue_since = NULL
WHERE name = %(queue)s AND %(sent)s <= sent AND (seen IS NULL OR seen < %(sent)s)
"""

QUIET = """
UPDATE deferral_queue q SET overdue_since = NULL
WHERE overdue_since IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM deferral_job j
    WHERE j.queue = q.name AND j.state = 'pending' AND j.sent_at IS NOT NULL)
"""

# What was lost goes on half way to the end of the queue: hints that workers refuse again and again
# (newer tasks, beside older workers) must not keep the queue's room from everything else.
#
# A marker from the time to come, after the clock was set back, would find every hint lost, each
# second anew, until then.
LOST = """
UPDATE deferral_job j
SET sent_at = NULL, next_at = j.next_at + greatest(now() - j.next_at, '0') / 2
FROM deferral_queue q
WHERE j.queue = q.name AND j.state = 'pending' AND j.sent_at < q.seen - interval '1 s'
  AND q.seen <= now()
"""


@shared_task(name="deferral.marker", ignore_result=True)
def marker(*, queue: str, sent: str) -> None:
    """It arrived: whatever was sent well before it, and still waits, was lost on the way."""
    try:
        moment = datetime.fromisoformat(sent).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        log.warning("marker_not_understood", sent=repr(sent)[:100])
        return
    with connection.cursor() as cursor:
        cursor.execute(ARRIVED, {"queue": str(queue)[:30].replace("\0", ""), "sent": moment})
    crashpoint("marker_arrived")


def ensure_queues() -> None:
    """A row for each queue, so that one statement can look at them all."""
    with connection.cursor() as cursor:
        cursor.execute(ENSURE, [list(queues())])


def send_markers() -> int:
    """One through each queue in which something waits; return how many. Their loss is no loss."""
    with connection.cursor() as cursor:
        cursor.execute(QUIET)
        cursor.execute(DUE, {"again": AGAIN, "at_least": MIN_AGAIN})
        due = cursor.fetchall()
    if due:
        crashpoint("marker_stamped")
    if any(is_overdue for _, _, is_overdue in due):
        start_afresh()  # perhaps the queue is gone, and a warm producer publishes into nothing
    # Where one cannot be sent the others cannot: each would wait for the broker as long.
    return sum(1 for _ in itertools.takewhile(lambda row: _send(row[0], row[1]), due))


def _send(queue: str, sent: datetime) -> bool:
    try:
        current_app.tasks["deferral.marker"].apply_async(
            kwargs={"queue": queue, "sent": sent.isoformat()}, queue=queue, retry=False
        )
    except (OperationalError, OSError) as error:
        log.warning("marker_not_sent", queue=queue, error=str(error))
        return False
    crashpoint("marker_sent")
    return True


def give_lost_hints_again() -> int:
    """Make overtaken hints due again; return how many.

    The publisher starts afresh then: a broker that lost messages may have lost its queues too, and
    a warm producer would publish into nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOST)
        lost: int = cursor.rowcount
    if lost:
        crashpoint("lost_hints_found")
        log.warning("hints_lost", count=lost)
        start_afresh()
    return lost
