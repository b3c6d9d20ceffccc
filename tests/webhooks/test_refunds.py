"""What is told of money that goes back, fails, or comes back to us."""

from datetime import UTC
from typing import Any

import pytest

from deferral.models import Event
from orders.events import OrderNotRefunded, OrderRefunded
from orders.models import Order, Refund
from orders.payments.refunds.choosing import Chosen
from tests.deferral.bench import specs_of
from tests.orders.buying import paid, refund_of, stands
from tests.webhooks.receiving import an_endpoint
from webhooks.handlers import take_back_what_was_told, tell_of_refund
from webhooks.payloads import PARTLY, webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund() -> Refund:
    """All of an order's money, done."""
    return stands(refund_of(paid()))


def failed(refund: Refund) -> Refund:
    """Its bank sent the money back."""
    return stands(refund, "failed", why="expired or canceled card")


def told_by(kind: str, payload: dict[str, Any]) -> list[str]:
    """The keys of what is told of an event about money that went back."""
    handlers: dict[str, tuple[Any, Any]] = {
        OrderRefunded.type: (tell_of_refund, OrderRefunded),
        OrderNotRefunded.type: (take_back_what_was_told, OrderNotRefunded),
    }
    if kind not in handlers:
        return []
    handler, event = handlers[kind]
    return [spec.key for spec in specs_of(handler(event(**payload)))]


def test_it_is_told_what_went_back_and_what_for() -> None:
    order = paid()
    line = order.lines.get()
    mug = Chosen(line_id=line.pk, quantity=1)
    refund = stands(refund_of(order, cents=1_800, lines=[mug]))
    said = webhook(order, PARTLY, f"acme:{PARTLY}:{refund.name}")

    assert refund.settled_at
    assert said["timestamp"] == refund.settled_at.astimezone(UTC).isoformat()
    assert isinstance(said["data"], dict)
    assert said["data"]["refund"] == {
        "id": refund.name,
        "cents": 1_800,
        "lines": [{"sku": "MUG-1", "quantity": 1, "tickets": []}],
    }


def test_what_happens_twice_to_an_order_is_told_twice(refund: Refund) -> None:
    an_endpoint("acme", events=["order.refunded", "order.refund_failed"])
    failed(refund)
    stands(refund_of(refund.payment.order))

    facts = Event.objects.order_by("id").values_list("type", "payload")
    keys = [key for kind, payload in facts for key in told_by(kind, payload)]
    assert len(keys) == len(set(keys)) == 6
    assert [key for key in keys if "acme:order.refund_failed" in key] == [
        f"acme:order.refund_failed:{refund.payment.order.reference}:{refund.tag}"
    ]


def test_a_part_that_came_back_is_told_to_whoever_was_told_of_the_part() -> None:
    an_endpoint("acme", events=["order.refund_failed"])
    part = stands(refund_of(paid(), cents=700))
    failed(part)

    fact = Event.objects.get(type=OrderNotRefunded.type)
    webhook_id = f"acme:order.refund_failed:{part.payment.order.reference}:{part.tag}"
    assert webhook_id in told_by(fact.type, fact.payload)


def test_the_second_time_is_said_to_be_the_second(refund: Refund) -> None:
    order = failed(refund).payment.order
    stands(refund_of(order))
    order.refresh_from_db()

    data: Any = webhook(order, "order.refunded")["data"]
    assert data["again"] is True


def test_a_webhook_says_when_the_money_came_back(refund: Refund) -> None:
    failed(refund)
    order = Order.objects.get()
    at = Refund.objects.get().came_back_at

    assert at is not None
    told: Any = webhook(order, "order.refund_failed", f"acme:{order.reference}:{refund.tag}")
    assert told["timestamp"] == at.isoformat()
    assert told["data"]["refund"] == {"id": refund.name, "cents": 4_090, "lines": []}
    assert order.refunded_at is None
