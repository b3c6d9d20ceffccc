"""What an HTTP answer that is no success means to the job that asked for it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from deferral.errors import Bury, Retry
from deferral.external.breakers import Call
from deferral.external.exchanges import Answer
from deferral.failure_kinds import TOO_MANY, FailureKind, said

# "Not now": a time-out, a twin still running, too early, too many.
NOT_NOW = frozenset({408, 409, 425, TOO_MANY})


def judge(service: str, answer: Answer, headers: Mapping[str, str], call: Call) -> None:
    """Nothing for a success. Retry for "not now", Bury for never; the breaker hears of trouble."""
    status = answer.status
    if status < 300:
        return
    cause = said(service, status)
    reason = f"{cause}: {answer.text[:200]}"
    retry_after = seconds_asked(headers.get("Retry-After", ""))
    if status == TOO_MANY:
        call.busy(reason, seconds=retry_after)
    elif status >= 500:
        call.failed(reason, FailureKind.UNABLE)
    if status >= 500 or status in NOT_NOW:
        raise Retry(reason, cause=cause, after=retry_after, failure_kind=FailureKind.of(status))
    raise Bury(reason, cause=cause)


def seconds_asked(retry_after: str) -> float | None:
    """Retry-After in seconds, from either of its forms (RFC 9110, 10.2.3); None for neither."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    wait = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
    return max(wait.total_seconds(), 0)
