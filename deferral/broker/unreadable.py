"""Messages that nobody can read: one log line each, counted, and gone.

Whoever can write to the broker can write anything into it. Nothing is lost with such a message:
work is in the ledger, and a message is only a hint. The count is kept in memory until the database
takes it (`write_down`, each second), for whoever reads messages must not wait for a database.

Nor may anybody wait for whoever reads: a signal that ends the worker interrupts that thread in any
line, and its handler waits for jobs. A lock that was held there stayed held meanwhile. So what is
read goes through a queue which is whole after each of its calls, and only `write_down` counts.
"""

import queue as queues
from collections import Counter

import structlog

from deferral.database.connections import Cursors

log = structlog.get_logger(__name__)

# What all workers are told at once, in Celery's words remote control.
CONTROL = "control"
# So much of a message is worth reading in a log.
START = 120
LONGEST_QUEUE, LONGEST_REASON = 60, 200

WRITE = """
INSERT INTO deferral_unreadable AS u (queue, count, last_at, why)
VALUES (%(queue)s, %(count)s, now(), %(why)s)
ON CONFLICT (queue) DO UPDATE
SET count = u.count + excluded.count, last_at = excluded.last_at, why = excluded.why
"""

_READ: queues.SimpleQueue[tuple[str, str]] = queues.SimpleQueue()
_COUNTS: Counter[str] = Counter()
_REASONS: dict[str, str] = {}


class Unreadable(Exception):
    """A message is not what it should be; the text says in what."""


def throw_away(queue: str, reason: Exception, content: object) -> None:
    """Say and count that a message was none. Safe from any thread, whatever it held, and wherever
    a signal interrupts it.
    """
    queue, why = _plain(queue)[:LONGEST_QUEUE], _plain(_words(reason))[:LONGEST_REASON]
    _READ.put((queue, why))
    log.warning("message_unreadable", queue=queue, why=why, start=ascii(content)[:START])


def count() -> None:
    """Count what was read, so that it takes no more room than its queues. By one thread alone."""
    for _ in range(_READ.qsize()):
        queue, why = _READ.get_nowait()
        _COUNTS[queue] += 1
        _REASONS[queue] = why


def write_down(cursors: Cursors) -> None:
    """Add what was counted here to the ledger's own count. What cannot be added stays counted.

    By the thread that counts. A cursor for each queue: others wait for it. Error.
    """
    for queue, number in list(_COUNTS.items()):
        with cursors() as cursor:
            cursor.execute(WRITE, {"queue": queue, "count": number, "why": _REASONS[queue]})
        del _COUNTS[queue], _REASONS[queue]


def _words(reason: Exception) -> str:
    return str(reason) if isinstance(reason, Unreadable) else repr(reason)


def _plain(text: str) -> str:
    """Neither NUL nor half a surrogate, which neither PostgreSQL nor a log takes."""
    return ascii(text)[1:-1]
