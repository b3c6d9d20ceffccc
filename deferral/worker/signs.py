"""Whether a worker does what it is there for, asked beside its main loop.

A process that lives may be deaf (it lost its broker, came back, and consumes no more: several such
reports are public), or its main loop may hang. That a thread still runs is no sign of life. It is
one of these: a message was received; nothing has waited for this worker; every slot of it runs a
job within its limit. While the broker itself takes or gives no message, nobody is blamed.
"""

import time
from typing import Any

import structlog
from celery import current_app, signals
from celery.worker import state
from kombu.exceptions import OperationalError

from deferral.broker.passing import pass_a_message
from deferral.database.connections import Cursors

log = structlog.get_logger(__name__)

# Seconds. Work that has waited so long in a queue, and whose marker has not come back, is looked
# at.
WAITS = 10
# Without a sign of life for so long a worker is ended, and started again by whoever looks after it.
LATE = 30.0
# Beyond its time limit the pool has this long to end a job before its slot counts as lost.
MARGIN = 10.0

WAITING = """
SELECT count(*) FROM deferral_queue
WHERE name = ANY(%s) AND overdue_since < now() - make_interval(secs => %s)
"""
# No commit waits for the disk: a sign that is lost in a crash is given again.
SEEN = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE deferral_worker SET seen_at = now() FROM quick
WHERE id = %s AND seen_at < now() - interval '5 s'
"""


class Signs:
    """Of this process, if it is a worker's main one. Monotonic seconds."""

    def __init__(self) -> None:
        self._worker: Any = None
        self._queues: list[str] = []
        self._received = self._seen = time.monotonic()

    def begin(self, worker: Any) -> None:
        """It is ready, and from here on its signs count. It serves the queues that it was given."""
        self._worker = worker
        self._queues = [str(name) for name in worker.app.amqp.queues.consume_from]
        self.receive()

    def receive(self) -> None:
        """A message came, of whatever kind."""
        self._received = self._seen = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last sign of life."""
        return time.monotonic() - self._seen

    @property
    def is_given(self) -> bool:
        """Whether there was one lately."""
        return self.age < LATE

    def look(self, cursors: Cursors, worker_id: int) -> bool:
        """Whether there is a sign now; it is written down. False while work waits in vain.

        No cursor is held while the broker is asked: jobs' locks go through the same session.
        """
        if self._worker is not None and self._waits_in_vain(cursors):
            return False
        self._seen = time.monotonic()
        with cursors() as cursor:
            cursor.execute(SEEN, [worker_id])
        return True

    def _waits_in_vain(self, cursors: Cursors) -> bool:
        with cursors() as cursor:
            cursor.execute(WAITING, [self._queues, WAITS])
            [waiting] = cursor.fetchone()
        if not waiting or time.monotonic() - self._received < WAITS:
            return False
        return not hands_are_full(self._worker) and broker_is_well()


SIGNS = Signs()


def hands_are_full(worker: Any) -> bool:
    """Whether every slot runs a job, each within its limit."""
    slots = int(worker.pool.num_processes)
    return sum(map(is_in_time, tuple(state.active_requests))) >= slots


def is_in_time(request: Any) -> bool:
    """Whether the pool has not had to end this job yet."""
    limit = (request.time_limits or (None, None))[0] or request.task.time_limit
    return limit is None or time.time() - request.time_start < limit + MARGIN


def broker_is_well() -> bool:
    """Whether a message gets through it now, over a connection of our own."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            pass_a_message(broker)
    except (OperationalError, OSError) as error:
        log.info("broker_not_well", error=str(error))
        return False
    return True


@signals.worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    SIGNS.begin(sender.controller)


@signals.task_received.connect
def _receive(**_: Any) -> None:
    SIGNS.receive()
