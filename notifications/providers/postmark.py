"""Postmark: the words of its answers, and its log, which can be asked by what we call a mail.

Its API: an answer is an object whose ErrorCode says what is wrong, 0 for nothing, whatever the
status; `/messages/outbound` finds what it has taken, of the last 45 days, by the metadata of a mail
and within one stream.
"""

import json
import re
from typing import Any

import requests

from notifications.providers.sessions import TIMEOUT, Bounded
from notifications.providers.verdicts import Verdict

HOME = "https://api.postmarkapp.com"
# Under which a mail's own name is kept with it, there and in its notices.
MAIL = "mail"
# JSON with fields that do not fit, a recipient that is inactive, a forbidden kind of attachment.
# Any other is of us, one that is yet to be invented too: a stream that is not there, a sender that
# it does not know, an account without credit.
OF_THE_MAIL = {403, 406, 411}
# Of the mail where it names a part of it. It says 300 of the sender too, which is ours.
INVALID = 300
PARTS = re.compile(r"'(To|Cc|Bcc|Subject|Attachments?)'|TextBody|HtmlBody")
MAINTENANCE = 100
# With which it says what is wrong.
UNPROCESSABLE = 422
# It would write a Message-ID of its own otherwise.
HEADERS = {"X-PM-KeepID": "true"}


def verdict_of(answer: requests.Response) -> Verdict | None:
    """By its ErrorCode; None where there is none, it speaks of no error, or the status says more.

    What nobody has read before is of us: it ends no mail, and is said of the next one too.
    """
    try:
        said = answer.json()
    except ValueError:
        return None
    code = said.get("ErrorCode") if isinstance(said, dict) else None
    if type(code) is not int or code == 0:
        return None
    if code == MAINTENANCE:
        return Verdict.LATER
    if not (answer.status_code < 300 or answer.status_code == UNPROCESSABLE):
        return None
    of_a_part = code == INVALID and PARTS.search(str(said.get("Message")))
    return Verdict.MAIL if of_a_part or code in OF_THE_MAIL else Verdict.US


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
