"""Mails whose sender was killed, or heard no answer: nobody knows whether they were taken.

They are asked about, and never sent again on a guess: what nobody can tell is in doubt, and stands
on the campaign's page until a person decides.
"""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from deferral.errors import Snooze
from notifications.campaigns.asking import ASK_AFTER, was_accepted
from notifications.campaigns.recipients import Claimed, give_up, mark_sent, put_back
from notifications.models import Campaign, Recipient

# Asked for so long in vain, the log is no help: a person decides.
LONG_ENOUGH = timedelta(days=1)
UNKNOWN = "Whoever sent it ended before the mail server's answer, which cannot be asked for again."


def settle_leftovers(campaign: Campaign, chunk: int) -> None:
    """Each of this chunk that has been under way for longer than a mail can be. Snooze."""
    old = Now() - timedelta(seconds=ASK_AFTER)
    rows = Recipient.objects.filter(campaign=campaign, chunk=chunk, sending_at__lte=old)
    for row in rows.filter(state=Recipient.State.SENDING).select_related("campaign"):
        one = Claimed(
            id=row.pk,
            number=row.number,
            address=row.address,
            name=row.name,
            state=row.state,
            tries=row.tries,
            refusals=row.refusals,
            failures=row.campaign.failures,
        )
        settle(one, _said_of(row))


def _said_of(row: Recipient) -> bool | None:
    try:
        return was_accepted(row.key, given_to=row.given_to)
    except Snooze:
        if row.sending_at and row.sending_at > timezone.now() - LONG_ENOUGH:
            raise
        return None


def settle(one: Claimed, accepted: bool | None) -> None:  # noqa: FBT001 - an answer
    """By what whoever keeps the log says of it; None: nobody can say."""
    if accepted is None:
        give_up(one, Recipient.State.IN_DOUBT, because=UNKNOWN)
    elif accepted:
        mark_sent(one)
    else:
        put_back(one)
