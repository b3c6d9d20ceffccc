"""What a job may say about itself, what staff are told, and how the machinery is misused."""

import re

from deferral.failure_kinds import FailureKind

# Letters: a cause is a column.
LONGEST_CAUSE = 120


class Outcome(Exception):
    """Raised by a task to say how its attempt ended; never an error of the machinery.

    `cause` names what there is to mend, in the same words for every job it stops. It is the reason
    without its numbers, unless the reason holds somebody else's words: then say it apart.
    """

    def __init__(self, reason: str, *, cause: str = "") -> None:
        super().__init__(reason)
        self.cause = cause or re.sub(r"\d+", "#", reason)


class Retry(Outcome):
    """It failed and may succeed later. Costs an attempt.

    `after` is the receiver's own request in seconds (Retry-After), which the policy judges;
    `min_wait` is what the wait must be at least, whatever the policy says. `failure_kind` is what
    came of asking an external service, where it was one's.
    """

    def __init__(
        self,
        reason: str,
        *,
        cause: str = "",
        after: float | None = None,
        min_wait: float = 0.0,
        failure_kind: FailureKind | None = None,
    ) -> None:
        super().__init__(reason, cause=cause)
        self.after, self.min_wait, self.failure_kind = after, min_wait, failure_kind


class Snooze(Outcome):
    """It was not its turn: ask again in `seconds`. Costs nothing, may happen without end."""

    def __init__(self, reason: str, *, cause: str = "", seconds: float) -> None:
        super().__init__(reason, cause=cause)
        self.seconds = seconds


class ServiceAway(Snooze):
    """Its breaker is open: nobody calls it until it had time to recover."""


class Bury(Outcome):
    """It can never succeed as it is. Dead at once, kept until a person replays or discards it."""


class Paused(Outcome):
    """A person wants a long job to wait until it is resumed. Costs nothing."""


class Cancelled(Outcome):
    """A person wants no more of a long job. What it has done so far stays as it is."""


class Released(Outcome):
    """Its worker leaves: another goes on from the last checkpoint. Costs nothing."""


class FenceLost(Exception):
    """Another worker has taken this job over; what was done in this transaction is rolled back."""


class PublishedOutsideTransaction(RuntimeError):
    """An event must be written in the transaction that makes it true."""


class NoCurrentJob(RuntimeError):
    """Asked for the current job outside a running one."""


class EmptyJoin(ValueError):
    """A join needs at least one part: without one its body would wait for ever, or run at once."""


class PartsAlreadyExist(RuntimeError):
    """Some parts of a new join exist already under another body."""


class PayloadTooLarge(ValueError):
    """Arguments are ids and keys; 16 kB is far more than those need."""


class NotCallable(ValueError):
    """There is no such task, or it does not take these arguments."""


class NotReplayable(ValueError):
    """Only dead rows can be replayed or discarded."""


class Unreadable(ValueError):
    """A schedule that cannot be understood. Its words are shown to whoever wrote it."""


class NeverComes(ValueError):
    """A schedule with no tick ahead of it. Its words are shown to whoever wrote it."""


class NotAllowed(Exception):
    """What staff decided cannot be done with the row as it is now. Its words are shown to them."""
