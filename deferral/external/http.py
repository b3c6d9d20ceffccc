"""One POST to an external service, under the job's key, its answer classed as the ledger wants it.

For receivers that know a key again. `tell` is for what is told and not read back: twenty seconds in
all, 64 kB read at most. `ask` is for what is answered with something: its caller says within which
limits, and reads the answer while the call counts as under way.
"""

import functools
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import requests

from deferral.crashpoints import crashpoint
from deferral.errors import Retry
from deferral.external.breakers import Call, calling
from deferral.external.deadlines import deadline
from deferral.external.exchanges import Answer, Limits
from deferral.external.sessions import Session
from deferral.external.verdicts import judge, seconds_asked
from deferral.external_services import ExternalService
from deferral.failure_kinds import FailureKind, said

__all__ = ["TIMEOUT", "ask", "connections", "seconds_asked", "tell"]

# Seconds to connect, and to wait for each part of the answer. Connecting may cost one lost packet
# (3 s).
TIMEOUT = (3.05, 15)
# Seconds for all of it; a task has thirty.
DEADLINE = 20.0
# Bytes of an answer: only its beginning is shown.
MOST_READ = 65_536
A_PART = 65_536

Read = TypeVar("Read")
Content = Mapping[str, Any] | bytes


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
    content: Content,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Have `service` accept `content` (JSON, or bytes as they are). Safe to repeat.

    Retry when it cannot be reached or says "not now", Bury when it will never accept this,
    ServiceAway (a snooze) while its breaker is open.
    """
    ask(service, url, key=key, content=content, headers=headers, read=_nothing)


def ask(
    service: ExternalService,
    url: str,
    *,
    key: str,
    content: Content,
    read: Callable[[Answer, Call], Read],
    limits: Limits | None = None,
    headers: Mapping[str, str] | None = None,
) -> Read:
    """The same, and what `read` makes of an answer whose status says that it is a success.

    A success may still say that nothing was done: then `read` raises an Outcome, and tells `call`
    where the service is in trouble, so that its breaker knows.
    """
    limits = limits or Limits(part=TIMEOUT[1], whole=DEADLINE, most_read=MOST_READ)
    with calling(service) as call:
        crashpoint("about_to_tell")
        sent = {"Idempotency-Key": key, **(headers or {})}
        try:
            answer, told = _post(url, content, sent, limits)
        except requests.RequestException as error:
            reason = _silence(service, error, limits)
            call.failed(reason, FailureKind.SILENT)
            raise Retry(reason, failure_kind=FailureKind.SILENT) from error
        judge(service, answer, told, call)
        found = read(answer, call)
        crashpoint("service_told")
        return found


def _post(
    url: str, content: Content, headers: Mapping[str, str], limits: Limits
) -> tuple[Answer, Mapping[str, str]]:
    """The answer, as far as it is read, and its headers. RequestException without a whole one."""
    body = {"data": content} if isinstance(content, bytes) else {"json": content}
    wait = (TIMEOUT[0], limits.part)
    terms: dict[str, Any] = {"timeout": wait, "allow_redirects": False, "stream": True}
    with deadline(limits.whole) as end:
        try:
            with connections().post(url, headers=headers, **terms, **body) as answer:
                found = _beginning(answer, limits.most_read)
        except requests.RequestException as error:
            if not end.is_over:
                raise
            raise TookTooLong from error
        if end.is_over:  # a cut reads like an end
            raise TookTooLong
        return found, answer.headers


def _beginning(answer: requests.Response, most: int) -> Answer:
    """What is read to its end leaves a connection for the next call; of more, no more is read."""
    found = b""
    for part in answer.iter_content(A_PART):
        found += part
        if len(found) > most:
            break
    text = found.decode(errors="replace")
    return Answer(status=answer.status_code, text=text, is_whole=len(found) <= most)


def _silence(service: str, error: requests.RequestException, limits: Limits) -> str:
    unanswered = said(service, None)
    if isinstance(error, TookTooLong):
        return f"{unanswered} within {limits.whole:g} s"
    return f"{unanswered}: {type(error).__name__}"


def _nothing(_answer: Answer, _call: Call) -> None:
    """It was told; whatever else it says is nobody's business."""
