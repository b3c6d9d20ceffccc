"""A draft, mailed to whoever writes it: as its recipients will see it, but for their link."""

from contextlib import closing
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from deferral.enqueueing import enqueue
from deferral.errors import Bury, Retry
from deferral.failure_kinds import FailureKind
from deferral.names import new_tag
from notifications.campaigns.answers import Busy, HungUp, NotNow, NotTaken, Unheard
from notifications.campaigns.message import trial_message
from notifications.campaigns.transport import Connection
from notifications.campaigns.writing import as_html, as_text, with_link
from notifications.delivery import deliver
from notifications.gateway import Mail
from notifications.models import Campaign

CAUSE = "the test mail of a campaign"


@transaction.atomic
def ask_for_test(*, campaign_id: int, user_id: int) -> None:
    """Have it mailed, as it is by then, to this user's own address."""
    campaign = Campaign.objects.get(pk=campaign_id)
    enqueue(
        "notifications.send_campaign_test",
        key=f"campaign_test:{campaign.reference}:{new_tag()}",
        subject=campaign.subject,
        campaign_id=campaign_id,
        user_id=user_id,
    )


def send_test(*, campaign_id: int, user_id: int, key: str) -> None:
    """Mail it the way its recipients' mails will go: what is wrong there is seen before them.

    Bury also where whoever takes campaigns wants none of ours: once that is mended a test is asked
    for anew. Retry, Snooze.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    to = get_user_model().objects.get(pk=user_id).get_username()
    link = settings.SITE_URL + reverse("notifications:newsletter")
    mail = Mail(
        key=key,
        to=to,
        subject=f"Test: {campaign.title}",
        text=with_link(as_text(campaign), link),
        html=with_link(as_html(campaign), link),
    )
    deliver(mail, campaign.subject, by=partial(_send, campaign))


def _send(campaign: Campaign, mail: Mail) -> None:
    message = trial_message(campaign, mail)
    with closing(Connection()) as connection:
        try:
            connection.send(message)
        except (NotTaken, Unheard) as error:
            raise _outcome(error) from error


def _outcome(error: NotTaken | Unheard) -> Retry | Bury:
    """In doubt it is sent again: it is one mail, to one of us."""
    said = str(error)
    match error:
        case Busy():
            kind = FailureKind.BUSY
            return Retry(said, cause=CAUSE, after=error.seconds, failure_kind=kind)
        case HungUp() | Unheard():
            return Retry(said, cause=CAUSE, failure_kind=FailureKind.SILENT)
        case NotNow():
            return Retry(said, cause=CAUSE, failure_kind=FailureKind.UNABLE)
    return Bury(said, cause=CAUSE)
