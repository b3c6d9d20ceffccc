"""Orders as a checkout leaves them."""

import uuid
from typing import Any

from django.db import transaction

from orders import services
from orders.drafts import Draft, DraftLine
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider.refunds import Returned
from orders.payments.provider.settlements import Settlement
from orders.payments.refunds.decisions import request_refund
from orders.payments.refunds.recording import record_answer
from orders.placing import place_order

CAPTURED = Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")


def a_draft(**changes: Any) -> Draft:
    """Two mugs, delivered."""
    mugs = DraftLine(
        sku="MUG-1",
        kind="home",
        title="Harbour mug",
        detail="",
        unit_cents=1_800,
        quantity=2,
        tax_basis_points=1_900,
    )
    facts: dict[str, Any] = {
        "checkout_key": uuid.uuid4(),
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "address": "1 Quay Street",
        "lines": (mugs,),
        "shipping_cents": 490,
    }
    return Draft(**(facts | changes))


def placed(**changes: Any) -> tuple[Order, PaymentAttempt]:
    """Recorded, not paid."""
    with transaction.atomic():
        return place_order(draft=a_draft(**changes))


def paid(**changes: Any) -> Order:
    """Paid, and announced."""
    _, attempt = placed(**changes)
    return services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)


def in_state(state: str) -> Order:
    """An order that stands where the test wants it, with the money that goes with it."""
    order, attempt = placed()
    order.state = state
    order.save()
    if state in {Order.State.PAID, Order.State.CANCELLED}:
        PaymentAttempt.objects.filter(pk=attempt.pk).update(state="captured")
    if state == Order.State.REFUNDED:
        cents = attempt.amount_cents
        PaymentAttempt.objects.filter(pk=attempt.pk).update(state="refunded", refunded_cents=cents)
        Refund.objects.create(payment=attempt, amount_cents=cents, state="done", by="harbour")
    return order


def refund_of(order: Order, **terms: Any) -> Refund:
    """What staff have just decided."""
    request_refund(order_id=order.pk, **{"by": "harbour", "reason": "broken mug", **terms})
    return Refund.objects.latest("id")


def said_of(refund: Refund, state: str = "done", **changes: Any) -> Returned:
    """What the provider answers about it."""
    facts: dict[str, Any] = {
        "ref": f"re_{refund.pk}",
        "payment": refund.payment.provider_ref,
        "key": refund.key,
        "state": Refund.State(state),
        "cents": refund.amount_cents,
    }
    return Returned(**(facts | changes))


def stands(refund: Refund, state: str = "done", **changes: Any) -> Refund:
    """The provider says so of it, and it is recorded."""
    return record_answer(refund_id=refund.pk, answer=said_of(refund, state, **changes))
