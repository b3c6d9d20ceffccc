"""From a mail's link to the order. Nothing is used up, and nothing is written."""

from django.db.models.functions import Now

from accounts.login_links.digests import digest_of_secret
from orders.models import Order
from shop.models import OrderLink
from shop.order_links.meaning import order_meant


def order_behind(secret: str) -> Order | None:
    """The order that this link shows; None of one that is over, or never was."""
    usable = OrderLink.objects.filter(secret=digest_of_secret(secret), expires_at__gt=Now())
    link = usable.first()
    return order_meant(link) if link else None
