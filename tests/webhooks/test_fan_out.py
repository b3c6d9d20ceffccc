"""Who is told of what: one job for each endpoint that chose it, in the order of what happened."""

import pytest
from django.utils import timezone

from orders.events import OrderCancelled, OrderPaid, OrderRefunded, PartlyRefunded
from orders.models import Order
from tests.deferral.bench import specs_of
from tests.orders.buying import paid, refund_of, stands
from tests.webhooks.receiving import an_endpoint
from webhooks.handlers import tell_of_cancellation, tell_of_part, tell_of_refund, tell_of_sale
from webhooks.models import Endpoint

pytestmark = pytest.mark.django_db


def test_a_sale_is_one_job_in_its_orders_series(order: Order) -> None:
    [partner] = specs_of(tell_of_sale(OrderPaid(order_id=order.pk)))

    name = order.reference
    assert partner.key == f"partner:order.completed:{name}"
    assert partner.ordering_key == f"webhook:partner:{name}"
    assert (partner.service, partner.kwargs["webhook_id"]) == ("partner", partner.key)


def test_every_endpoint_that_chose_it_has_a_job_of_its_own(order: Order) -> None:
    an_endpoint("acme", events=["order.completed"])
    an_endpoint("quiet", events=["order.refunded"])
    an_endpoint("gone", disabled_at=timezone.now())

    told = specs_of(tell_of_sale(OrderPaid(order_id=order.pk)))

    keys = [f"{slug}:order.completed:{order.reference}" for slug in ("partner", "acme")]
    assert [spec.key for spec in told] == keys


def test_an_end_is_told_after_the_beginning(order: Order) -> None:
    [off] = specs_of(tell_of_cancellation(OrderCancelled(order_id=order.pk)))
    [back] = specs_of(tell_of_refund(OrderRefunded(order_id=order.pk, refund_id=0, again="")))

    name = order.reference
    assert off.key == f"partner:order.cancelled:{name}"
    assert back.key == f"partner:order.refunded:{name}"
    assert {off.ordering_key, back.ordering_key} == {f"webhook:partner:{name}"}


def test_each_refund_of_a_part_is_told_by_its_own_name() -> None:
    order = paid()
    parts = [stands(refund_of(order, cents=500)) for _ in range(2)]
    an_endpoint("acme", events=["order.partly_refunded"])
    Endpoint.objects.filter(slug="partner").update(events=["order.completed"])
    facts = [PartlyRefunded(order_id=order.pk, refund_id=one.pk) for one in parts]
    told = [spec for fact in facts for spec in specs_of(tell_of_part(fact))]

    assert [spec.key for spec in told] == [
        f"acme:order.partly_refunded:{one.name}" for one in parts
    ]
    assert {spec.ordering_key for spec in told} == {f"webhook:acme:{order.reference}"}
