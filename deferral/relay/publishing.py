"""Giving hints: due jobs are stamped, that is committed, and then their messages are sent.

The one place that publishes to Celery, and the one that knows chords. A hint that is lost between
stamp and broker, in the broker, or in a worker is found by a marker (see `markers`) and given
again; one given twice is refused by the claim.
"""

import itertools
from collections.abc import Iterable, Sequence

import structlog
from celery import chord
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from deferral.broker.connection import start_afresh
from deferral.crashpoints import crashpoint
from deferral.database.outage import is_our_outage
from deferral.registry import queues as every_queue
from deferral.relay.hints import Hint
from deferral.relay.stamping import rooms, stamp

log = structlog.get_logger(__name__)

# Of each queue and pass, so that a long queue cannot keep a short one waiting in the relay.
PER_QUEUE = 50

# Not their bodies: a chord is begun once. Parts that are sent again go one by one, as parts of that
# chord.
UNSTAMP = "UPDATE deferral_job SET sent_at = NULL WHERE id = ANY(%s) AND state = 'pending'"


class BrokerAway(Exception):
    """The broker took no message. What was not sent is due again; it cost no job anything."""


def send_due(*, queues: Sequence[str] | None = None, per_queue: int = PER_QUEUE) -> int:
    """Give the hints that are due and return how many there were. BrokerAway when it failed.

    Of some queues only, or of all. No more than HINTS_AHEAD are under way in a queue: what waits,
    waits in the ledger, where the oldest is next, and a confirmation that has just become due is
    not behind the documents of everybody who came later.
    """
    room = rooms(queues or every_queue(), per_queue=per_queue)
    if not room:
        return 0
    hints = stamp(room)
    _send(_batches(hints))
    if hints:
        crashpoint("all_sent")
    return len(hints)


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
        log.exception("hint_not_sent", keys=[hint.job.key for hint in batch])


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


def _unstamp(hints: Iterable[Hint]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNSTAMP, [[hint.job.id for hint in hints]])
