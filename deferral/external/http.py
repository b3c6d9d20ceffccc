"""One POST to an external service, under the job's key, its answer classed as the ledger wants it.

For receivers that know a key again. Not for what must be read back: an external service is told
things.
"""

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry
from deferral.external.breakers import Call, calling
from deferral.external_services import ExternalService
from deferral.failure_kinds import TOO_MANY, FailureKind, said

# Seconds to connect, and to wait for the answer. Connecting may cost one lost packet (3 s).
TIMEOUT = (3.05, 15)
# "Not now": a time-out, a twin still running, too early, too many.
NOT_NOW = frozenset({408, 409, 425, TOO_MANY})


@functools.cache
def connections() -> requests.Session:
    """One pool of connections a process."""
    return requests.Session()


def tell(
    service: ExternalService,
    url: str,
    *,
    key: str,
    content: Mapping[str, Any] | bytes,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Have `service` accept `content` (JSON, or bytes as they are). Safe to repeat.

    Retry when it cannot be reached or says "not now", Bury when it will never accept this,
    ServiceAway (a snooze) while its breaker is open.
    """
    with calling(service) as call:
        crashpoint("about_to_tell")
        try:
            answer = _post(url, content, {"Idempotency-Key": key, **(headers or {})})
        except requests.RequestException as error:
            reason = f"{said(service, None)}: {type(error).__name__}"
            call.failed(reason, FailureKind.SILENT)
            raise Retry(reason, failure_kind=FailureKind.SILENT) from error
        _judge(service, answer, call)
        crashpoint("service_told")


def _post(
    url: str, content: Mapping[str, Any] | bytes, headers: Mapping[str, str]
) -> requests.Response:
    body = {"data": content} if isinstance(content, bytes) else {"json": content}
    return connections().post(url, headers=headers, timeout=TIMEOUT, allow_redirects=False, **body)


def _judge(service: str, answer: requests.Response, call: Call) -> None:
    status = answer.status_code
    if status < 300:
        return
    cause = said(service, status)
    reason = f"{cause}: {answer.text[:200]}"
    retry_after = seconds_asked(answer.headers.get("Retry-After", ""))
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
