"""What staff decide about an order: to call it off, to correct its address."""

from datetime import UTC, datetime

import structlog
from django.db import transaction

from deferral.errors import NotAllowed
from deferral.events import publish
from orders.events import OrderCancelled
from orders.models import Order
from orders.payments.refunds import decisions, of_returns
from orders.payments.refunds.choosing import check_used
from orders.selectors import captured_payment

log = structlog.get_logger(__name__)


@transaction.atomic
def cancel_order(*, order_id: int, by: str, reason: str, although_used: bool = False) -> Order:
    """Call a paid order off. What follows (stock, money, mail) is its handlers'. NotAllowed.

    Where tickets of it were used, `although_used` alone.
    """
    order = _close(order_id, Order.State.CANCELLED, by=by, reason=reason)
    if not although_used:
        check_used(order_id)
    of_returns.close_open(order, by=by)
    publish(OrderCancelled(order_id=order.pk), subject=order.subject)
    payment = captured_payment(order_id)
    if payment is not None:
        decisions.decide(order, payment, by=by, reason=reason)
    return order


@transaction.atomic
def correct_email(*, order_id: int, by: str, reason: str, email: str) -> Order:
    """From now on its mails go there, replayed ones too: jobs read the order. What was sent stays.

    `email` is an address as it goes over the wire. NotAllowed where it is the order's already.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.email == email:
        raise NotAllowed("That is its address already.")
    order.email = email
    order.save(update_fields=["email"])
    log.info("email_corrected", order=order.number, by=by, reason=reason)
    return order


def _close(order_id: int, state: str, *, by: str, reason: str) -> Order:
    order = Order.objects.select_for_update().get(pk=order_id)
    order.move_to(state)
    order.closed_at = datetime.now(UTC)
    order.closed_by, order.closed_reason = by, reason
    order.save(update_fields=["state", "closed_at", "closed_by", "closed_reason"])
    return order
