"""The connection to the payment provider: straight to where it leads, and bounded both ways.

Who answers need not be the provider: a proxy, a firewall, a page of maintenance. So nothing is
followed anywhere, no more is read than any answer of its has, and no longer than a call may take;
an error that is not written as Stripe writes errors goes on without its body, which the SDK would
stumble over.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import requests
import stripe
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

# As many requests as the web has threads may be on their way at once.
POOL = 128
# Bytes. A page of a hundred charges is a fifth of it.
MOST_READ = 2_000_000
READ_AT_ONCE = 65_536
# An error about which nothing is known but its status.
WORDLESS = b'{"error": {}}'


class Direct(requests.Session):
    """Whoever is sent elsewhere would take our key and charge along: a redirect is an answer."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere."""
        return None


class Wire(stripe.RequestsClient):
    """What the SDK speaks through. Each read waits `timeout` seconds, all of them thrice that."""

    def __init__(self, timeout: float) -> None:
        session = Direct()
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=POOL))
        super().__init__(timeout=timeout, session=session)
        self.longest = 3 * timeout

    def request(  # type: ignore[override]  # as RequestsClient has it
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Body, status and headers of the answer. APIConnectionError without a whole one."""
        end = time.monotonic() + self.longest
        raw, status, said = self.request_stream(method, url, headers, post_data)
        try:
            body = _read(raw, end)
        except (HTTPError, OSError) as error:
            raise _silence(error) from error
        finally:
            raw.close()  # what was read to its end has gone back to the pool by itself
        return (body if status < 300 or _is_stripes(body) else WORDLESS), status, said


def _silence(error: Exception) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(type(error).__name__)  # type: ignore[no-untyped-call]


def _read(raw: Any, end: float) -> bytes:
    """All of it. OSError when there is too much of it, or it takes too long."""
    body = b""
    while part := raw.read1(READ_AT_ONCE, decode_content=True):
        body += part
        if len(body) > MOST_READ:
            msg = "longer than any answer"
            raise OSError(msg)
        if time.monotonic() > end:
            raise TimeoutError
    return body


def _is_stripes(body: bytes) -> bool:
    """Whether it is an error as Stripe writes them: an object that holds one."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and isinstance(told.get("error"), dict)
