"""Postmark: the words of its answers, and its log, which can be asked by what we call a mail.

Its API: an answer is an object whose ErrorCode says what is wrong, 0 for nothing, whatever the
status; `/messages/outbound` finds what it has taken, of the last 45 days, by the metadata of a mail
and within one stream.
"""

import json
from typing import Any

import requests

from notifications.providers.sessions import TIMEOUT, Bounded
from notifications.providers.verdicts import Verdict

HOME = "https://api.postmarkapp.com"
# Under which a mail's own name is kept with it, there and in its notices.
MAIL = "mail"
# The token; a sender that it does not know, or not yet; an account without credit, not approved.
OF_US = {10, 400, 401, 405, 412, 413}
MAINTENANCE = 100
# It would write a Message-ID of its own otherwise.
HEADERS = {"X-PM-KeepID": "true"}


def verdict_of(answer: requests.Response) -> Verdict | None:
    """By its ErrorCode; None where there is none, or it speaks of no error."""
    try:
        said = answer.json()
    except ValueError:
        return None
    code = said.get("ErrorCode") if isinstance(said, dict) else None
    if type(code) is not int or code == 0:
        return None
    if code == MAINTENANCE:
        return Verdict.LATER
    if code in OF_US:
        return Verdict.US
    return Verdict.MAIL if answer.status_code < 300 or answer.status_code == 422 else None


def was_accepted(key: str, *, token: str, url: str, stream: str) -> bool | None:
    """Whether it has taken the mail of this key. None for an answer that does not say.

    RequestException, ValueError while it cannot be asked.
    """
    terms = {f"metadata_{MAIL}": key, "messagestream": stream, "count": "5", "offset": "0"}
    headers = {"X-Postmark-Server-Token": token, "Accept": "application/json"}
    with Bounded() as session:
        answer = session.get(
            f"{url or HOME}/messages/outbound", params=terms, headers=headers, timeout=TIMEOUT
        )
    answer.raise_for_status()
    return _found(json.loads(answer.content), key)


def _found(said: Any, key: str) -> bool | None:
    """An answer about other mails is none."""
    match said:
        case {"TotalCount": 0, "Messages": []}:
            return False
        case {"TotalCount": int(), "Messages": [{"Metadata": dict(named)}, *_]}:
            return True if named.get(MAIL) == key else None
    return None
