"""What became of a mail whose sender was killed: whoever keeps a log of what was taken is asked.

The sandbox keeps one, and so does Postmark; a plain SMTP server cannot be asked, and MAIL_ASK_URL
is empty then.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import requests
from django.conf import settings

from deferral.errors import Snooze
from deferral.external.breakers import calling
from deferral.external.deadlines import deadline
from deferral.external.http import TIMEOUT, connections
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind
from notifications.campaigns.takers import taker
from notifications.gateway import message_id
from notifications.providers import postmark

MAIL_LOG = external_service("mail log")
# Seconds after the sending began. Before that the server may still be at work on the mail: it is
# three times what a mail is given.
ASK_AFTER = 120.0
# Seconds: for the answer, and until the next try where there was none. Bytes of it.
PATIENCE, AGAIN, MOST_READ = 10.0, 30.0, 4_096


def was_accepted(key: str, *, given_to: str) -> bool | None:
    """None: nobody can say, now or later. Snooze while the log does not answer.

    An answer that does not name this very mail is none. Nor is that of a log which knows nothing of
    what was `given_to` another: the settings may have changed since.
    """
    ask = _log() if given_to == taker() else None
    if ask is None:
        return None
    with calling(MAIL_LOG) as call, deadline(PATIENCE):
        try:
            accepted = ask(key)
        except (requests.RequestException, ValueError) as error:
            reason = f"the mail log did not answer: {type(error).__name__}"
            call.failed(reason, FailureKind.SILENT)
            raise Snooze(reason, seconds=AGAIN) from error
    if accepted is None:
        raise Snooze("the mail log gave no answer that can be understood", seconds=AGAIN)
    return accepted


def _log() -> Callable[[str], bool | None] | None:
    """Of whoever takes campaigns: one's log says nothing of what another has taken."""
    provider = settings.MAIL_PROVIDER
    if provider.campaigns and provider.name == "postmark":
        terms = {"token": provider.key, "url": provider.url, "stream": provider.stream}
        return partial(postmark.was_accepted, **terms)
    return None if provider.campaigns or not settings.MAIL_ASK_URL else _ask_mail_server


def _ask_mail_server(key: str) -> bool | None:
    message = message_id(key)
    terms: dict[str, Any] = {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
    url, asked = f"{settings.MAIL_ASK_URL}/api/accepted", {"message_id": message}
    with connections().get(url, params=asked, **terms) as answer:
        answer.raise_for_status()
        said = json.loads(answer.raw.read(MOST_READ, decode_content=True))
    match said:
        case {"message_id": named, "accepted": bool(accepted)} if named == message:
            return accepted
    return None
