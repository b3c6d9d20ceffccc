"""The end of a process whose threads still run jobs: those go back to the ledger, at no cost.

So do the hints of those that wait here for a thread: a marker would find them, seconds later.
"""

import os
from collections.abc import Iterable

import structlog
from celery.worker import state
from django.db import Error

from deferral.broker.envelopes import is_job_id
from deferral.crashpoints import crashpoint
from deferral.database.connections import leave_the_pool
from deferral.ledger import claims, settling
from deferral.threads.unsettled import Claimed
from deferral.worker.liveness import LIVENESS

log = structlog.get_logger(__name__)


def give_back_and_end(running: Iterable[Claimed]) -> None:
    """Give these back in one statement, and end this process at once. Does not return.

    Without a database the relay finds them later, as those of any process that died: a loss for
    each, unless that this one is to leave could still be written down.
    """
    leave_the_pool()
    _take_leave()
    try:
        given = settling.give_back_all([found.claim for found in running])
        crashpoint("all_given_back")
        claims.hand_back(_hints())
        log.warning("worker_ended", worker=LIVENESS.id, given_back=given)
    except Error as error:
        log.warning("worker_ended", worker=LIVENESS.id, error=str(error))
        _take_leave()
    finally:  # whatever is raised: the thread that calls this has nobody above it
        os._exit(os.EX_SOFTWARE)


def _hints() -> list[int]:
    """The jobs of all messages that are here, begun or not."""
    found = [request.kwargs.get("job") for request in list(state.requests.values())]
    return [job for job in found if is_job_id(job)]


def _take_leave() -> None:
    """If it can be written down now: whoever holds that row does not hold the jobs'."""
    try:
        LIVENESS.take_leave()
    except Error as error:
        log.warning("leave_not_taken", worker=LIVENESS.id, error=str(error))
