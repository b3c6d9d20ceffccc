"""The JSON that an endpoint is told, and what it may choose to be told of."""

from datetime import UTC, datetime

from django.utils import timezone

from deferral.errors import Bury
from orders.models import Order, Refund
from orders.payments.refunds.sums import named
from orders.selectors import came_back_before, refunds_of
from webhooks.models import Endpoint

# What may be chosen, and the state that the order came into by it.
BECAME = {
    "order.completed": Order.State.PAID,
    "order.cancelled": Order.State.CANCELLED,
    "order.refunded": Order.State.REFUNDED,
}
# May happen to one order several times: their ids end with the tag of the refund they are about.
PARTLY, REFUND_FAILED = "order.partly_refunded", "order.refund_failed"
CHOICES = (*BECAME, PARTLY, REFUND_FAILED)
REFUNDED = "order.refunded"
# What staff send to see whether it arrives.
TEST = "endpoint.test"


def webhook(order: Order, what: str, webhook_id: str = "") -> dict[str, object]:
    """`{type, timestamp, data}` as the specification has it; no address, no e-mail.

    `timestamp` is when it happened, however late and however often we say it. `again`: it had been
    refunded before, and the money had come back to us.
    """
    refund = None if what in BECAME else refund_named(order, webhook_id)
    at = _moment(order, what, refund) or order.created_at
    lines = [{"sku": line.sku, "quantity": line.quantity} for line in order.lines.all()]
    data: dict[str, object] = {
        "order": order.reference,
        "number": order.number,
        "total_cents": order.total_cents,
        "lines": lines,
    }
    about: dict[str, object] = {"refund": told_of(refund)} if refund else {}
    if what == REFUNDED and came_back_before(order.pk):
        about["again"] = True
    return {"type": what, "timestamp": at.astimezone(UTC).isoformat(), "data": data | about}


def _moment(order: Order, what: str, refund: Refund | None) -> datetime | None:
    if refund:
        return refund.came_back_at if what == REFUND_FAILED else refund.settled_at
    return order.moment_of(BECAME[what])


def refund_named(order: Order, webhook_id: str) -> Refund:
    """The refund that a webhook's id is about: it ends with the refund's own tag."""
    return refunds_of(order.pk).get(tag=webhook_id.rpartition(":")[2])


def told_of(refund: Refund) -> dict[str, object]:
    """How much went back, and what for: of tickets also which. Without lines it was an amount."""
    lines = [
        {"sku": one.line.sku, "quantity": one.quantity, "tickets": one.pieces}
        for one in named(refund)
    ]
    return {"id": refund.name, "cents": refund.amount_cents, "lines": lines}


def hello(endpoint: Endpoint, what: str) -> dict[str, object]:
    """What a test says. Bury for whatever else has no order."""
    if what != TEST:
        msg = f"{what} without an order: what was said then is not kept any more"
        raise Bury(msg)
    now = timezone.now().astimezone(UTC)
    return {"type": TEST, "timestamp": now.isoformat(), "data": {"endpoint": endpoint.slug}}
