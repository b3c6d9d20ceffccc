"""Which jobs follow a payment, and what waits for what."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from deferral.handlers import JobSpec, Join
from notifications.deliveries import PARTLY, webhook
from notifications.events import ConfirmationIncomplete
from notifications.handlers import (
    confirm,
    send_what_was_missing,
    tell_of_cancellation,
    tell_of_part,
    tell_of_refund,
    tell_the_world,
)
from notifications.models import Endpoint
from orders.events import OrderCancelled, OrderPaid, OrderRefunded, PartlyRefunded
from orders.models import Order
from orders.payments.refunds.choosing import Chosen
from reports.document_keys import expected_keys
from tests.notifications.receiving import an_endpoint
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
    assert {part.spec.lane for part in (*join.parts, join.body)} == {"critical"}


@pytest.mark.django_db
def test_the_same_event_gives_the_same_jobs(order: Order) -> None:
    assert join_of(order) == join_of(order)


@pytest.mark.django_db
def test_strangers_have_a_job_each_and_analytics_expires(order: Order) -> None:
    works = tell_the_world(OrderPaid(order_id=order.pk))
    partner, crm, analytics = (spec_of(work) for work in works)

    name = order.reference
    assert partner.key == f"partner:order.completed:{name}"
    assert partner.serial == f"webhook:partner:{name}"
    assert (partner.stranger, partner.kwargs["webhook_id"]) == ("partner", partner.key)
    assert (crm.key, crm.serial, crm.lifetime) == (f"crm:{name}", None, None)
    assert (analytics.spec.lane, analytics.lifetime) == ("analytics", timedelta(minutes=15))


def spec_of(work: object) -> JobSpec:
    assert isinstance(work, JobSpec)
    return work


def test_what_is_missing_follows_each_by_itself() -> None:
    fact = ConfirmationIncomplete(order_id=7, missing=["receipt:7", "ticket:1:2"])
    late = [spec_of(work) for work in send_what_was_missing(fact)]

    assert [spec.key for spec in late] == ["late_document:receipt:7", "late_document:ticket:1:2"]
    assert late[1].kwargs == {"order_id": 7, "document": "ticket:1:2"}


@pytest.mark.django_db
def test_every_endpoint_that_chose_it_has_a_job_of_its_own(order: Order) -> None:
    an_endpoint("acme", events=["order.completed"])
    an_endpoint("quiet", events=["order.refunded"])
    an_endpoint("gone", disabled_at=timezone.now())

    works = [spec_of(work) for work in tell_the_world(OrderPaid(order_id=order.pk))]

    told = {work.key for work in works if work.spec.name == "notifications.deliver_webhook"}
    assert told == {f"{slug}:order.completed:{order.reference}" for slug in ("partner", "acme")}


@pytest.mark.django_db
def test_customer_and_partner_hear_of_an_end_after_the_beginning(order: Order) -> None:
    off = [spec_of(work) for work in tell_of_cancellation(OrderCancelled(order_id=order.pk))]
    back = [spec_of(work) for work in tell_of_refund(OrderRefunded(order_id=order.pk))]

    name = order.reference
    assert [spec.key for spec in off] == [f"cancellation:{name}", f"partner:order.cancelled:{name}"]
    assert [spec.key for spec in back] == [f"refund_mail:{name}", f"partner:order.refunded:{name}"]
    assert {off[1].serial, back[1].serial} == {f"webhook:partner:{name}"}


@pytest.mark.django_db
def test_each_refund_of_a_part_is_told_by_its_own_name() -> None:
    order = paid()
    parts = [stands(refund_of(order, cents=500)) for _ in range(2)]
    an_endpoint("acme", events=["order.partly_refunded"])
    Endpoint.objects.filter(slug="partner").update(events=["order.completed"])
    facts = [PartlyRefunded(order_id=order.pk, refund_id=one.pk) for one in parts]
    told = [spec_of(work) for fact in facts for work in tell_of_part(fact)]

    assert [spec.key for spec in told] == [
        name
        for one in parts
        for name in (f"refund_mail:{one.name}", f"acme:order.partly_refunded:{one.name}")
    ]
    assert {spec.serial for spec in told} == {None, f"webhook:acme:{order.reference}"}


@pytest.mark.django_db
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
