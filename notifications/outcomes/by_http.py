"""By HTTP: what a provider said, or that it said nothing."""

from deferral.errors import Bury, Retry
from deferral.external.breakers import Call
from deferral.failure_kinds import FailureKind
from notifications.outcomes.not_deliverable import NotDeliverable
from notifications.providers.verdicts import NotAccepted, Verdict

NEVER = {Verdict.ADDRESS: NotDeliverable, Verdict.MAIL: Bury}
SILENT = {Verdict.UNREACHED, Verdict.UNHEARD}


def outcome(error: NotAccepted, call: Call) -> Retry | Bury:
    """What becomes of the mail. In doubt it is sent again: somebody waits for it."""
    reason, cause = str(error), f"the mail provider: {error.verdict}"
    if error.verdict in NEVER:
        call.answered()
        return NEVER[error.verdict](reason, cause=cause)
    if error.verdict in SILENT:
        call.failed(reason, FailureKind.SILENT)
        return Retry(reason, cause=cause, failure_kind=FailureKind.SILENT)
    if error.verdict is Verdict.BUSY:
        call.busy(reason, seconds=error.seconds)
        kind = FailureKind.BUSY
        return Retry(reason, cause=cause, after=error.seconds, failure_kind=kind)
    call.answered()
    return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)
