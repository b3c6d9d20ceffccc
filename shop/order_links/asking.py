"""From a number and an address that somebody typed to what a mail says."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.login_links.asking import BATCH, KEPT, MAILED_WITHIN
from accounts.login_links.digests import digest_of_secret
from accounts.models import forget_asked
from deferral.events import publish
from orders.models import Order
from shop.events import OrderLinkRequested
from shop.models import OrderLink
from shop.order_links.meaning import order_meant

log = structlog.get_logger(__name__)

# From when the mail is made.
WORKS_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundMail:
    """What the mail says. `secret` is nowhere else. `number`: how many mails this request has had,
    with this one.
    """

    order: Order
    subject: str
    number: int
    secret: str


@transaction.atomic
def ask(*, number: str, address: str, limited: bool) -> None:
    """Have a mail sent. The same statements whatever there is, also where it is too often."""
    link = OrderLink.objects.create(number=number, address=address, limited=limited)
    publish(OrderLinkRequested(link_id=link.pk), subject=link.subject)


@transaction.atomic
def prepare_mail(*, link_id: int) -> FoundMail | None:
    """Make the secret of a mail that is about to be sent. None where no mail is to be sent.

    Called again it makes a new one, and the one before is dead.
    """
    link = OrderLink.objects.select_for_update().filter(pk=link_id).first()
    order = order_meant(link) if link else None
    if link is None or order is None:
        log.info("order_mail_not_sent", link=link_id, reason="nothing is known of it")
        return None
    if link.asked_at < timezone.now() - MAILED_WITHIN:
        log.info("order_mail_not_sent", link=link_id, reason="asked too long ago")
        return None
    secret, number = secrets.token_urlsafe(32), link.mails + 1
    OrderLink.objects.filter(pk=link.pk).update(
        mails=number, secret=digest_of_secret(secret), expires_at=Now() + WORKS_FOR
    )
    return FoundMail(order=order, subject=link.subject, number=number, secret=secret)


def forget_order_links() -> int:
    """Delete those of yesterday; return how many. Safe to repeat."""
    return forget_asked(OrderLink, kept=KEPT, batch=BATCH)
