"""Which jobs follow a payment, and what waits for what."""

from datetime import timedelta

import pytest

from deferral.handlers import Join
from deferral.registry import TASKS
from notifications.events import ConfirmationIncomplete
from notifications.gateway import MAIL_SERVER
from notifications.handlers.orders import (
    confirm,
    send_what_was_missing,
    tell_crm_and_analytics,
    tell_of_cancellation,
    tell_of_part,
    tell_of_refund,
)
from orders.events import OrderCancelled, OrderPaid, OrderRefunded, PartlyRefunded
from orders.models import Order
from reports.document_keys import expected_keys
from tests.deferral.bench import specs_of
from tests.orders.buying import paid, refund_of, stands
from tests.reports.paid_orders import a_line, saved


def join_of(order: Order) -> Join:
    [join] = confirm(OrderPaid(order_id=order.pk))
    assert isinstance(join, Join)
    return join


@pytest.mark.django_db
def test_without_tickets_the_confirmation_waits_for_the_receipt_alone() -> None:
    order = saved(a_line(kind="home"))
    join = join_of(order)

    assert [part.key for part in join.parts] == [f"receipt:{order.reference}"]
    assert (join.body.key, join.body.kwargs) == (
        f"order_confirmation:{order.reference}",
        {"order_id": order.pk},
    )


@pytest.mark.django_db
def test_with_sixty_tickets_it_waits_for_sixty_one_jobs() -> None:
    order = saved(a_line(quantity=59), a_line(quantity=1, title="Matinee"))
    join = join_of(order)
    tickets = [part for part in join.parts if part.spec.name == "reports.write_ticket"]

    assert [part.key for part in join.parts] == expected_keys(order)
    assert (len(set(expected_keys(order))), len(tickets)) == (61, 60)
    assert [part.kwargs["position"] for part in tickets] == [*range(1, 60), 1]
    assert {part.spec.queue for part in join.parts} == {"critical"}
    assert join.body.spec.queue == "mail"


@pytest.mark.django_db
def test_the_same_event_gives_the_same_jobs(order: Order) -> None:
    assert join_of(order) == join_of(order)


@pytest.mark.django_db
def test_crm_and_analytics_have_a_job_each_and_analytics_expires(order: Order) -> None:
    crm, analytics = specs_of(tell_crm_and_analytics(OrderPaid(order_id=order.pk)))

    assert (crm.key, crm.ordering_key, crm.lifetime) == (f"crm:{order.reference}", None, None)
    assert (analytics.spec.queue, analytics.lifetime) == ("analytics", timedelta(minutes=15))


def test_what_is_missing_follows_each_by_itself() -> None:
    fact = ConfirmationIncomplete(order_id=7, missing=["receipt:7", "ticket:1:2"])
    late = specs_of(send_what_was_missing(fact))

    assert [spec.key for spec in late] == ["late_document:receipt:7", "late_document:ticket:1:2"]
    assert late[1].kwargs == {"order_id": 7, "document": "ticket:1:2"}


@pytest.mark.django_db
def test_the_customer_hears_of_an_end(order: Order) -> None:
    [off] = specs_of(tell_of_cancellation(OrderCancelled(order_id=order.pk)))
    refunded = OrderRefunded(order_id=order.pk, refund_id=0, again="")
    [back] = specs_of(tell_of_refund(refunded))

    name = order.reference
    assert (off.key, back.key) == (f"cancellation:{name}", f"refund_mail:{name}")


@pytest.mark.django_db
def test_the_customer_hears_of_each_refund_of_a_part_by_its_own_name() -> None:
    order = paid()
    parts = [stands(refund_of(order, cents=500)) for _ in range(2)]
    facts = [PartlyRefunded(order_id=order.pk, refund_id=one.pk) for one in parts]

    told = [spec.key for fact in facts for spec in specs_of(tell_of_part(fact))]
    assert told == [f"refund_mail:{one.name}" for one in parts]


def test_whatever_is_mailed_waits_for_the_mail_server_in_its_own_queue() -> None:
    told = {spec.name: spec.queue for spec in TASKS.values() if spec.service == MAIL_SERVER}

    assert len(told) > 5
    assert set(told.values()) == {"mail"}
    assert {spec.name for spec in TASKS.values() if spec.queue == "mail"} == set(told)
