"""When a job whose processes die is poison: it kills them, and is not run again.

A thread worker dies with all that it runs, so its death says little of any one job. From the third
on such a job runs in a child of its own, in the isolation queue: there only its own crashes count
as such, and whoever is innocent gets through.
"""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least, Now

from deferral.ledger import bodies
from deferral.ledger.claims import Claim
from deferral.ledger.reports import with_report
from deferral.models import Job
from deferral.registry import isolation_queue, thread_queues

# A job that killed its own process three times is poison; one whose workers died ten times is not
# worth an eleventh.
POISON_CRASHES = 3
HOPELESS_LOSSES = 10
# So often is a job lost with others before it runs alone.
LOST_WITH_OTHERS = 3
POISON = "the processes that run it die"


def put_back(row: Job, message: str) -> None:
    """A running job whose attempt came to no end of its own: due again. The caller saves it."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "began": row.started_at and row.started_at.isoformat(timespec="milliseconds"),
        "kind": "lost",
        "class": "WorkerLost",
        "message": message,
        "cause": POISON,
        "traceback": "",
        "attempt": row.attempts,
        "worker": row.worker,
    }
    row.errors = with_report(row.errors, entry)
    row.attempts -= 1
    row.lease_until = row.sent_at = None
    row.state = Job.State.PENDING
    # A body may have been claimed within its chord's grace: what is left of that is nobody's.
    row.next_at = Least(F("next_at"), Now())


def blame(row: Job, *, worker_gone: bool) -> None:
    """Count a death against the job, and bury it where it is one too many. The caller saves it.

    A process that died alone is the job's own crash; with its whole worker it may be anybody's.
    """
    row.crashes += not worker_gone
    row.losses += worker_gone
    hopeless = row.crashes + row.losses >= HOPELESS_LOSSES
    if row.crashes >= POISON_CRASHES or hopeless:
        _bury(row)
    elif row.losses >= LOST_WITH_OTHERS and row.queue in thread_queues():
        row.queue = isolation_queue()
        row.errors[-1]["message"] += f"; from now on it runs alone, in {row.queue}"


def charge(held: Claim) -> None:
    """A job that nothing could end, and that ends its process: due again, or poison."""
    fence = {"epoch": held.epoch, "worker": held.worker, "state": Job.State.RUNNING}
    with transaction.atomic():
        for row in Job.objects.select_for_update().filter(pk=held.id, **fence):
            put_back(row, "nothing could end it, and its process had to end")
            blame(row, worker_gone=False)
            row.save()


def _bury(row: Job) -> None:
    row.state, row.settled_at, row.cause = Job.State.DEAD, datetime.now(UTC), POISON
    epitaph = f"its process died {row.crashes} times, its worker {row.losses} times"
    row.errors[-1] |= {"kind": "poison", "message": epitaph}
    if row.body_id:
        bodies.warn(row.body_id)
