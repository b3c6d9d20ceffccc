"""The mail that asks a mailbox's owner. Whether they subscribed before decides here, not in a page:
whoever types in an address learns nothing of it.
"""

import structlog
from django.template.loader import render_to_string

from notifications.delivery import deliver_if_taken
from notifications.gateway import Mail
from notifications.models import Subscription, Suppression, same
from notifications.newsletter.tokens import join_address, leave_address

log = structlog.get_logger(__name__)


def ask(*, subscription_id: int, key: str) -> None:
    """Mail the link that confirms; to who has confirmed, that they have. Retry, Bury.

    Nothing to a mailbox that has bounced. An address that is refused for good is no dead letter:
    anybody may have typed it in, and may ask again.
    """
    row = Subscription.objects.get(pk=subscription_id)
    if Suppression.objects.filter(same(row.address)).exists():
        log.info("mail_not_sent", key=key, reason="the address is suppressed")
        return
    known = row.state == Subscription.State.CONFIRMED
    link = leave_address(row.address) if known else join_address(row.address)
    context = {"known": known, "link": link}
    subject = "You have our newsletter already" if known else "Please confirm: our newsletter"
    mail = Mail(
        key=key,
        to=row.address,
        subject=subject,
        text=render_to_string("notifications/newsletter_asked.txt", context),
        html=render_to_string("notifications/newsletter_asked.html", context),
    )
    deliver_if_taken(mail, f"newsletter:{row.pk}")
