"""One POST to an address that somebody typed in. Not for our own services (`external.http.tell`).

https only, no redirects, fifteen seconds in all, 64 kB read at most; never to an address of our own
network, whatever its name resolves to at this attempt.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError

from deferral.external.deadlines import Deadline
from deferral.external.http import seconds_asked
from webhooks.addresses import host_and_port, is_allowed, is_private, place_of
from webhooks.connections import TIMEOUT, is_literal, session

DEADLINE = 15.0
MOST_READ = 65_536
NO_ADDRESS = (InvalidURL, InvalidSchema, MissingSchema, UnicodeError)
# Nothing is unpacked: a small answer may be a large text.
OURS = {"User-Agent": "Halyard", "Accept-Encoding": "identity"}


class AddressRefused(Exception):
    """The address is none that may be called. Nobody was.

    `may_pass` where a name leads there today: somebody has to mend it, and it is not us.
    """

    def __init__(self, reason: str, *, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of it. Without a `status` nobody answered, and `error` says how.

    `retry_after` is Retry-After in seconds; `took` milliseconds.
    """

    took: int
    status: int | None = None
    text: str = ""
    retry_after: float | None = None
    error: str = ""
    timed_out: bool = False

    @property
    def is_accepted(self) -> bool:
        """2xx and nothing else; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Whatever the receiver does is an answer. AddressRefused when there is nobody to be called."""
    began = time.monotonic()
    if not is_allowed(url):
        msg = f"{place_of(url)} is not https, or hides where it leads"
        raise AddressRefused(msg)
    with session(private=is_private(url), seconds=DEADLINE) as (line, end):
        try:
            asked = requests.Request("POST", url, {**OURS, **headers}, data=body)
            request = line.prepare_request(asked)
            answer = line.send(request, stream=True, timeout=TIMEOUT, allow_redirects=False)
            if end.is_over:  # cut in mid-header, which reads like an end
                return _silence(requests.Timeout(), end, began)
            return _read(answer, began)
        except InvalidIPAddress as error:
            host, _ = host_and_port(url)
            msg = f"{host} leads to {error}, which is not public"
            raise AddressRefused(msg, may_pass=not is_literal(host)) from error
        except NO_ADDRESS as error:
            msg = f"{place_of(url)} is no address: {type(error).__name__}"
            raise AddressRefused(msg) from error
        except (requests.RequestException, HTTPError, OSError) as error:
            return _silence(error, end, began)


def _read(answer: requests.Response, began: float) -> Answer:
    """The status is what counts; a body that does not end in time is cut."""
    try:
        text = answer.raw.read(MOST_READ, decode_content=False).decode(errors="replace")
    except (HTTPError, OSError):
        text = ""
    return Answer(
        took=_since(began),
        status=answer.status_code,
        text=text,
        retry_after=seconds_asked(answer.headers.get("Retry-After", "")),
    )


def _silence(error: Exception, end: Deadline, began: float) -> Answer:
    timed_out = end.is_over or isinstance(error, requests.Timeout)
    why = "within 15 s" if end.is_over else type(error).__name__
    return Answer(took=_since(began), error=f"did not answer: {why}", timed_out=timed_out)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)
