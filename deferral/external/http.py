"""One POST to an external service, under the job's key, its answer classed as the ledger wants it.

For receivers that know a key again, and for what may be asked twice. Twenty seconds in all, 64 kB
read at most.
"""

import functools
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Retry
from deferral.external.breakers import Call, calling
from deferral.external.deadlines import deadline
from deferral.external.sessions import Session
from deferral.external_services import ExternalService
from deferral.failure_kinds import TOO_MANY, FailureKind, said

# Seconds to connect, and to wait for each part of the answer. Connecting may cost one lost packet
# (3 s).
TIMEOUT = (3.05, 15)
# Seconds for all of it; a task has thirty.
DEADLINE = 20.0
# Bytes of an answer: only its beginning is shown.
MOST_READ = 65_536
# "Not now": a time-out, a twin still running, too early, too many.
NOT_NOW = frozenset({408, 409, 425, TOO_MANY})


class TookTooLong(requests.Timeout):
    """No whole answer by the deadline, however much of it there is."""


@functools.cache
def connections() -> Session:
    """One pool of connections a process, for all its threads."""
    return Session()


# A connection that the parent has open is the parent's.
os.register_at_fork(after_in_child=connections.cache_clear)


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
    _posted(service, url, key=key, content=content, headers=headers)


def ask(service: ExternalService, url: str, *, key: str, content: Mapping[str, Any]) -> Any:
    """What `service` answers, read as JSON. Safe to repeat, as `tell`; Bury for what is no JSON."""
    text = _posted(service, url, key=key, content=content)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        cause = f"{service} answered what cannot be read"
        reason = f"{cause}: {text[:200]}"
        raise Bury(reason, cause=cause) from error


def _posted(
    service: ExternalService,
    url: str,
    *,
    key: str,
    content: Mapping[str, Any] | bytes,
    headers: Mapping[str, str] | None = None,
) -> str:
    with calling(service) as call:
        crashpoint("about_to_tell")
        try:
            answer, text = _post(url, content, {"Idempotency-Key": key, **(headers or {})})
        except requests.RequestException as error:
            reason = _silence(service, error)
            call.failed(reason, FailureKind.SILENT)
            raise Retry(reason, failure_kind=FailureKind.SILENT) from error
        _judge(service, answer, text, call)
        crashpoint("service_told")
    return text


def _post(
    url: str, content: Mapping[str, Any] | bytes, headers: Mapping[str, str]
) -> tuple[requests.Response, str]:
    """The answer, and the beginning of what it says. RequestException without a whole one."""
    body = {"data": content} if isinstance(content, bytes) else {"json": content}
    terms: dict[str, Any] = {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
    with deadline(DEADLINE) as end:
        try:
            with connections().post(url, headers=headers, **terms, **body) as answer:
                text = _beginning(answer)
        except requests.RequestException as error:
            if not end.is_over:
                raise
            raise TookTooLong from error
        if end.is_over:  # a cut reads like an end
            raise TookTooLong
        return answer, text


def _beginning(answer: requests.Response) -> str:
    """What is read to its end leaves a connection for the next call; of more, no more is read."""
    found = b""
    for part in answer.iter_content(MOST_READ):
        found += part
        if len(found) > MOST_READ:
            break
    return found.decode(errors="replace")


def _silence(service: str, error: requests.RequestException) -> str:
    unanswered = said(service, None)
    if isinstance(error, TookTooLong):
        return f"{unanswered} within {DEADLINE:g} s"
    return f"{unanswered}: {type(error).__name__}"


def _judge(service: str, answer: requests.Response, text: str, call: Call) -> None:
    status = answer.status_code
    if status < 300:
        return
    cause = said(service, status)
    reason = f"{cause}: {text[:200]}"
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
