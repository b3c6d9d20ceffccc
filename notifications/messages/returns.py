"""What a customer is told of what they send back: asked for, approved or refused, arrived."""

from django.conf import settings
from django.urls import reverse

from notifications.gateway import Mail
from notifications.messages.rendering import order_mail
from orders.models import Order, Return

SUBJECTS = {
    Return.State.ASKED: "We have your return {name} of order {{}}",
    Return.State.APPROVED: "Send it back: return {name} of order {{}}",
    Return.State.REFUSED: "Your return {name} of order {{}} is not taken",
    Return.State.ARRIVED: "Your return {name} of order {{}} has arrived",
}


def return_step(order: Order, found: Return, *, step: str, key: str) -> Mail:
    """How far it has come, and what its customer does next."""
    page = reverse("shop:returns", args=[order.number])
    refund = found.refunds.last()
    context = {
        "found": found,
        "step": step,
        "lines": list(found.lines.select_related("line")),
        "cents": refund.amount_cents if refund else 0,
        "address": settings.RETURN_ADDRESS,
        "returns_link": f"{settings.SITE_URL}{page}?token={order.link_token}",
    }
    subject = SUBJECTS[Return.State(step)].format(name=found.name)
    return order_mail(order, "return", subject, key, context)
