"""The connection to the payment provider: straight to where it leads, and bounded both ways.

Who answers need not be the provider: a proxy, a firewall, a page of maintenance. So nothing is
followed anywhere, no more is read than any answer of its has, and no longer than a call may take;
an error that is not written as Stripe writes errors goes on without its body, which the SDK would
stumble over.
"""

import json
from collections.abc import Mapping
from typing import Any

import stripe
from urllib3.exceptions import HTTPError

from deferral.external.deadlines import deadline
from deferral.external.sessions import Session

# Bytes. A page of a hundred charges is a fifth of it.
MOST_READ = 2_000_000
READ_AT_ONCE = 65_536
# An error about which nothing is known but its status.
WORDLESS = b'{"error": {}}'


class Wire(stripe.RequestsClient):
    """What the SDK speaks through. Each read waits `timeout` seconds, all of them thrice that."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout=timeout, session=Session())
        self.longest = 3 * timeout

    def request(  # type: ignore[override]  # as RequestsClient has it
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Body, status and headers of the answer. APIConnectionError without a whole one."""
        with deadline(self.longest) as end:
            raw, status, said = self.request_stream(method, url, headers, post_data)
            try:
                body = _read(raw)
            except (HTTPError, OSError) as error:
                raise _silence(error) from error
            finally:
                raw.close()  # what was read to its end has gone back to the pool by itself
            if end.is_over:  # a cut reads like an end
                raise _silence(TimeoutError())
        return (body if status < 300 or _is_stripes(body) else WORDLESS), status, said


def _silence(error: Exception) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(type(error).__name__)  # type: ignore[no-untyped-call]


def _read(raw: Any) -> bytes:
    """All of it. OSError when there is too much of it."""
    body = b""
    while part := raw.read1(READ_AT_ONCE, decode_content=True):
        body += part
        if len(body) > MOST_READ:
            msg = "longer than any answer"
            raise OSError(msg)
    return body


def _is_stripes(body: bytes) -> bool:
    """Whether it is an error as Stripe writes them: an object that holds one."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("error"), dict)
