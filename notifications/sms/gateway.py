"""Who sends SMS: one POST for one SMS, under a key that the receiver knows again.

`{to, from, text}`, with `Idempotency-Key` and a Bearer key, is answered with a JSON object whose
`status` says what became of it. Providers agree on no protocol: another one is another `_body` and
another `read_status`. Twenty seconds in all.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.telephones import NotANumber, mobile_on_the_wire
from deferral.errors import Bury, Retry
from deferral.external.breakers import Call
from deferral.external.exchanges import Answer, Limits
from deferral.external.http import ask
from deferral.external_services import external_service
from deferral.failure_kinds import FailureKind
from deferral.text.foreign import one_line
from notifications.sms.segments import within

SMS_SERVICE = external_service("SMS")
LIMITS = Limits(part=15, whole=20, most_read=65_536)
# Nobody pays for more of one SMS.
MOST_SEGMENTS = 2
TAKEN = frozenset({"accepted", "queued", "sent", "delivered"})
# Of what it says under a status that means success: what is the number's, and what is ours to mend.
OF_THE_NUMBER = frozenset({"unknown_number", "invalid_number", "opted_out"})
OF_US = frozenset({"no_credit", "bad_sender", "suspended"})
# Seconds until somebody may have paid.
UNTIL_MENDED = 600.0
LONGEST_SAID = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """What to say to whom. `to` is a number as it is stored."""

    key: str
    to: str
    words: str

    @property
    def text(self) -> str:
        """As it is sent."""
        return within(self.words, MOST_SEGMENTS)


class NoSuchNumber(Bury):
    """Nobody can be sent an SMS at this number: not now and not later.

    Dead, as any Bury, where it is not caught. Who typed it in cannot be asked, and nobody of us can
    mend it: `notifications.services` catches it.
    """


def send_sms(sms: Sms) -> str:
    """Hand it over; return what its taker calls it. Exactly once where the taker honours the key.

    Retry, Bury and ServiceAway as `ask` says; NoSuchNumber for a number that nobody has. Where it
    has something against us (no credit), nobody asks again for ten minutes.
    """
    return ask(
        SMS_SERVICE,
        f"{settings.SMS_URL}/messages",
        key=sms.key,
        content=_body(sms),
        headers={"Authorization": f"Bearer {settings.SMS_KEY}"},
        limits=LIMITS,
        read=read_status,
    )


def _body(sms: Sms) -> dict[str, str]:
    try:
        to = mobile_on_the_wire(sms.to)
    except NotANumber as error:
        raise NoSuchNumber("this is no mobile number") from error
    return {"to": to, "from": settings.SMS_SENDER, "text": sms.text}


def read_status(answer: Answer, call: Call) -> str:
    """Its name there. A status of success is believed where its content says the same."""
    body = _object(answer) or {}
    status = body.get("status")
    if isinstance(status, str) and status in TAKEN:
        return one_line(body.get("id"), LONGEST_SAID)
    error = body.get("error")
    told = body.get("code") or (error.get("message") if isinstance(error, dict) else error)
    said = one_line(told, LONGEST_SAID)
    if status == "failed" and said in OF_THE_NUMBER:
        msg = f"nobody has this number: {said}"
        raise NoSuchNumber(msg)
    raise _not_taken(said or "an answer that cannot be read", call, is_ours=said in OF_US)


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        body = json.loads(answer.text) if answer.is_whole else None
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _not_taken(said: str, call: Call, *, is_ours: bool) -> Retry:
    """Nobody knows that it was taken. What is ours to mend is so for every SMS."""
    if is_ours:
        reason = f"SMS answered a success that is none: {said}"
        call.busy(reason, seconds=UNTIL_MENDED)
        return Retry(reason, min_wait=UNTIL_MENDED, failure_kind=FailureKind.BUSY)
    cause = "SMS did not say that it took it"
    reason = f"{cause}: {said}"
    call.failed(reason, FailureKind.UNABLE)
    return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)
