"""Telling CRM and analytics of an order."""

from django.conf import settings

from deferral.external.http import tell
from notifications.gateway import ANALYTICS, CRM
from orders.models import Order


def tell_crm(*, order_id: int, key: str) -> None:
    """Let the CRM know its customer."""
    order = Order.objects.get(pk=order_id)
    content = {
        "order": order.reference,
        "number": order.number,
        "email": order.email,
        "name": order.name,
    }
    tell(CRM, f"{settings.CRM_URL}/contacts", key=key, content=content)


def count_sale(*, order_id: int, key: str) -> None:
    """Let analytics count the sale. Worthless when late, so its job expires."""
    order = Order.objects.get(pk=order_id)
    names = {"order": order.reference, "number": order.number}
    content = {"event": "order_paid", **names, "total_cents": order.total_cents}
    tell(ANALYTICS, f"{settings.ANALYTICS_URL}/events", key=key, content=content)
