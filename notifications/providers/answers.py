"""What came of giving a provider a mail, told from its HTTP answer or from what there is of it.

In doubt is whatever may have been taken: a proxy answers 502, 503 or 504 for a provider that has
the mail, a connection ends after the last byte, a 200 says what nobody understands.
"""

import re
import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from deferral.external.http import seconds_asked
from deferral.failure_kinds import TOO_MANY
from notifications.providers import postmark
from notifications.providers.verdicts import NotAccepted, Verdict

LATER = {408, 409, 425}
TOO_LARGE = 413
# With these a provider says what is wrong with a request. Of the recipient, where it names that:
# "email is not valid in to", "'to' address is invalid". A request that is quoted back has a colon.
JUDGED = {400, 422}
OF_RECIPIENT = re.compile(r"""\bin to\b|['"]to['"](?!\s*:)""")
INVALID = re.compile(r"\b(not valid|not a valid|invalid)\b", re.IGNORECASE)
# Before any byte of the mail was sent.
NO_CONNECTION = (
    requests.ConnectTimeout,
    NewConnectionError,
    ConnectTimeoutError,
    ssl.SSLCertVerificationError,
)
# What a provider says in its own words, where they say more than the status.
OWN = {"postmark": postmark.verdict_of}


def of_answer(name: str, answer: requests.Response) -> NotAccepted:
    """It answered, and not that it has taken the mail."""
    own = OWN[name](answer) if name in OWN else None
    verdict = own or _of_words(answer) or _of_status(answer.status_code)
    wait = seconds_asked(answer.headers.get("Retry-After", ""))
    said = f"{name} answered {answer.status_code}: {answer.text[:200]}"
    return NotAccepted(verdict, said, seconds=wait if verdict is Verdict.BUSY else None)


def of_silence(name: str, error: BaseException) -> NotAccepted:
    """There is no answer, or not a whole one."""
    began = not any(isinstance(each, NO_CONNECTION) for each in _causes(error))
    verdict = Verdict.UNHEARD if began else Verdict.UNREACHED
    return NotAccepted(verdict, f"{name} did not answer: {type(error.__cause__ or error).__name__}")


def _of_words(answer: requests.Response) -> Verdict | None:
    if answer.status_code not in JUDGED or not OF_RECIPIENT.search(answer.text):
        return None
    return Verdict.ADDRESS if INVALID.search(answer.text) else Verdict.MAIL


def _of_status(status: int) -> Verdict:
    """Redirects are not followed. What is refused with no word of this mail is of us: the key, the
    account, the stream, or what nobody has read before.
    """
    if status == TOO_MANY:
        return Verdict.BUSY
    if status in LATER:
        return Verdict.LATER
    if status == TOO_LARGE:
        return Verdict.MAIL
    return Verdict.US if 300 <= status < 500 else Verdict.UNHEARD


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
