"""Another attempt to pay an order whose payment failed. One attempt is one charge for ever.

Two attempts of one order must never both charge: whoever begins the next has called all earlier
ones off, with certainty, and says which those were.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from orders.errors import NotPayableNow
from orders.models import Order, PaymentAttempt


@transaction.atomic
def begin_again(*, order_id: int, ended: Collection[int], method: str) -> PaymentAttempt:
    """Record the next attempt. `ended`: those that were called off. NotPayableNow.

    Of two who press at once, the second finds an attempt that it has not called off.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    others = PaymentAttempt.objects.filter(order=order)
    if not order.can_pay_again or set(others.values_list("pk", flat=True)) - set(ended):
        raise NotPayableNow
    return_url = others.latest("id").return_url
    order.move_to(Order.State.AWAITING_PAYMENT)
    order.save(update_fields=["state"])
    return order.payments.create(
        amount_cents=order.total_cents, method=method, return_url=return_url
    )


def kept_too_long() -> QuerySet[Order]:
    """Failed orders that nobody has paid in the time for which their stock was kept."""
    failed = Order.objects.filter(state=Order.State.PAYMENT_FAILED)
    return failed.filter(kept_until__lte=Now()).order_by("kept_until")


@transaction.atomic
def let_go(*, order_id: int) -> bool:
    """Whether nobody can pay this order again from now on. Again: nothing changes."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state != Order.State.PAYMENT_FAILED or order.kept_until is None:
        return False
    if datetime.now(UTC) < order.kept_until:
        return False
    order.kept_until = None
    order.save(update_fields=["kept_until"])
    return True
