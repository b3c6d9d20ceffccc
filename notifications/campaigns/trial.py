"""A draft, mailed to whoever writes it: as its recipients will see it, but for their link."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from deferral.enqueueing import enqueue
from deferral.names import new_tag
from notifications.campaigns.writing import as_html, as_text, with_link
from notifications.delivery import deliver
from notifications.gateway import Mail
from notifications.models import Campaign


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
    """Mail it. Retry and Bury as any mail."""
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
    deliver(mail, campaign.subject)
