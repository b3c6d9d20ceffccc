"""A job that its limit could not end: it sits in C, or hangs as it settles, and its thread is lost.

The process gives the others' jobs back, charges this one with a crash, as a child of its own would
have been, and ends: whoever looks after it starts it again.
"""

import structlog
from django.db import connection

from deferral.database.connections import leave_the_pool
from deferral.ledger import poison
from deferral.threads.ending import give_back_and_end
from deferral.threads.left_alone import is_left_alone
from deferral.threads.unsettled import UNSETTLED, Claimed

log = structlog.get_logger(__name__)


def end_process(stuck: list[Claimed]) -> None:
    """Does not return. Error: the database is away, and nothing could be settled anyway.

    A job that waits for our own database is not charged: it was never told that it is late.
    """
    leave_the_pool()
    charged = [found for found in stuck if not is_left_alone(found.thread)]
    for found in stuck:
        log.error("job_stuck", job=found.claim.key, task=found.claim.task)
    for found in charged:
        poison.charge(found.claim)
    connection.close()
    give_back_and_end(found for found in UNSETTLED.now() if found not in charged)
