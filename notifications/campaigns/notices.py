"""What a provider's notice changes: each is safe to repeat, and they may come in any order.

That a mail was taken is believed of whatever is not known to be over: of one in doubt, and of one
that waits to be sent again. That its address is gone is said last, and stays.
"""

import re

from django.db import transaction
from django.db.models.functions import Now

from notifications.campaigns.bounces import bounced
from notifications.models import Recipient
from notifications.newsletter.consent import suppress, unsubscribe
from notifications.providers.meanings import Meaning, Notice

KEY = re.compile(r"campaign:([0-9]{1,18})-([0-9a-z]{1,32}):([0-9]{1,9})", re.ASCII)
State = Recipient.State
# Not told yet, or told wrongly, that it was taken.
OPEN = (State.TODO, State.SENDING, State.IN_DOUBT, State.FAILED)
THROWN_AWAY = "The mail provider took it, and did not send it on."
COMPLAINED = "Its reader called it spam, or has told the mail provider to send no more."


def hear(notice: Notice) -> None:
    """What follows for the mail that it names, if that is one of a campaign."""
    found = _recipient(notice.key)
    if found is None:
        return
    match notice.meaning:
        case Meaning.TAKEN:
            _taken(found, notice.attempt)
        case Meaning.GONE:
            bounced(found)
        case Meaning.REFUSED:
            _refused(found, notice.attempt)
        case Meaning.UNWANTED:
            _unwanted(found, notice.attempt)


def _taken(one: Recipient, attempt: int) -> None:
    """Of a mail that was never begun, nobody can have taken any; and of one that is handed over
    again just now, its sender hears what came of that.
    """
    rows = Recipient.objects.filter(pk=one.pk, state__in=OPEN, tries__gt=0)
    rows = rows.exclude(state=State.SENDING, tries__gt=attempt).exclude(because=THROWN_AWAY)
    rows.update(state=State.SENT, because="", done_at=Now())


def _refused(one: Recipient, attempt: int) -> None:
    """That of an earlier attempt says nothing of the mail that was sent again; and what is to do is
    sent all the same.
    """
    states = {*OPEN, State.SENT} - {State.TODO}
    rows = Recipient.objects.filter(pk=one.pk, tries=attempt, state__in=states)
    rows.update(state=State.FAILED, because=THROWN_AWAY, done_at=Now())


@transaction.atomic
def _unwanted(one: Recipient, attempt: int) -> None:
    _taken(one, attempt)
    unsubscribe(address=one.address, recipient_id=one.pk)
    suppress(one.address, because=f"{COMPLAINED} ({one.key})")


def _recipient(key: str) -> Recipient | None:
    named = KEY.fullmatch(key)
    if named is None:
        return None
    campaign, tag, number = named.groups()
    rows = Recipient.objects.filter(
        campaign=int(campaign), campaign__tag=tag, number=int(number)
    ).select_related("campaign")
    return rows.first()
