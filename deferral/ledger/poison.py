"""When a job whose processes die is poison: it kills them, and is not run again."""

from datetime import UTC, datetime

from deferral.ledger import bodies
from deferral.models import Job

# A job that killed its own process three times is poison; one whose workers died ten times is not
# worth an eleventh.
POISON_CRASHES = 3
HOPELESS_LOSSES = 10
POISON = "the processes that run it die"


def blame(row: Job, *, worker_gone: bool) -> None:
    """Count a death against the job, and bury it where it is one too many. The caller saves it.

    A process that died alone is the job's own crash; with its whole worker it may be anybody's.
    """
    row.crashes += not worker_gone
    row.losses += worker_gone
    hopeless = row.crashes + row.losses >= HOPELESS_LOSSES
    if row.crashes < POISON_CRASHES and not hopeless:
        return
    row.state, row.settled_at, row.cause = Job.State.DEAD, datetime.now(UTC), POISON
    epitaph = f"its process died {row.crashes} times, its worker {row.losses} times"
    row.errors[-1] |= {"kind": "poison", "message": epitaph}
    if row.body_id:
        bodies.warn(row.body_id)
