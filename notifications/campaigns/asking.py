"""What became of a mail whose sender was killed: whoever keeps a log of the mail server is asked.

The sandbox keeps one; a plain SMTP server cannot be asked, and MAIL_ASK_URL is empty.
"""

import json
from typing import Any

import requests
from django.conf import settings

from deferral.errors import Snooze
from deferral.external.breakers import calling
from deferral.external.deadlines import deadline
from deferral.external.http import TIMEOUT, connections
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind

MAIL_LOG = external_service("mail log")
# Seconds after the sending began. Before that the server may still be at work on the mail: it is
# three times what a mail is given.
ASK_AFTER = 120.0
# Seconds: for the answer, and until the next try where there was none. Bytes of it.
PATIENCE, AGAIN, MOST_READ = 10.0, 30.0, 4_096


def was_accepted(message_id: str) -> bool | None:
    """None: nobody can say, now or later. Snooze while the log does not answer.

    An answer that does not name this very message is none.
    """
    if not settings.MAIL_ASK_URL:
        return None
    with calling(MAIL_LOG) as call:
        try:
            said = _ask(message_id)
        except (requests.RequestException, ValueError) as error:
            reason = f"the mail log did not answer: {type(error).__name__}"
            call.failed(reason, FailureKind.SILENT)
            raise Snooze(reason, seconds=AGAIN) from error
    match said:
        case {"message_id": named, "accepted": bool(accepted)} if named == message_id:
            return accepted
    raise Snooze("the mail log gave no answer that can be understood", seconds=AGAIN)


def _ask(message_id: str) -> Any:
    terms: dict[str, Any] = {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
    url, asked = f"{settings.MAIL_ASK_URL}/api/accepted", {"message_id": message_id}
    with deadline(PATIENCE), connections().get(url, params=asked, **terms) as answer:
        answer.raise_for_status()
        return json.loads(answer.raw.read(MOST_READ, decode_content=True))
