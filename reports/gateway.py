"""The audit archive. Not for reading: it takes entries and gives nothing back."""

import functools
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from django.conf import settings

from deferral.errors import Bury, Retry

# Seconds to connect, and to wait for the answer. Connecting may cost one lost packet (3 s).
TIMEOUT = (3.05, 15)
# "Not now": a time-out, a twin still running, too early, too many.
NOT_NOW = frozenset({408, 409, 425, 429})
NOT_REACHED = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


@functools.cache
def connections() -> requests.Session:
    """One pool of connections a process."""
    return requests.Session()


def file_entry(entry: dict[str, Any], *, key: str) -> None:
    """Have the archive keep `entry`. Safe to repeat: it knows `key` again.

    Retry when it cannot be reached or says "not now"; Bury when it will never take this entry.
    """
    address = f"{settings.AUDIT_ARCHIVE_URL}/entries"
    headers = {"Idempotency-Key": key}
    try:
        answer = connections().post(
            address, json=entry, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
    except NOT_REACHED as error:
        reason = f"the audit archive did not answer: {type(error).__name__}"
        raise Retry(reason) from error
    judge(answer)


def judge(answer: requests.Response) -> None:
    """Nothing when it was accepted; otherwise Retry or Bury."""
    if answer.status_code < 300:
        return
    reason = f"the audit archive answered {answer.status_code}: {answer.text[:200]}"
    if answer.status_code >= 500 or answer.status_code in NOT_NOW:
        raise Retry(reason, after=seconds_asked(answer.headers.get("Retry-After", "")))
    raise Bury(reason)


def seconds_asked(retry_after: str) -> float | None:
    """Retry-After in seconds, from either of its forms (RFC 9110, 10.2.3); None for neither."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0)
