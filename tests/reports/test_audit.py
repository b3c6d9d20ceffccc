"""What happened to an order is one entry of the audit log for each fact."""

from typing import Any

import pytest

from audit.events import EntryRecorded
from audit.models import AuditEntry
from deferral import registry
from deferral.events import DomainEvent
from deferral.models import Event
from orders.events import OrderCancelled, OrderPaid, OrderRefunded, RefundCameBack
from orders.models import Order, Refund
from orders.services import cancel_order
from reports.handlers import audit, audit_refund, audit_return
from tests.orders.buying import paid, refund_of, stands
from tests.reports.paid_orders import Run


@pytest.fixture
def entry(order: Order, run: Run) -> AuditEntry:
    run(audit("order_paid", order.pk))
    return AuditEntry.objects.get()


def test_an_entry_says_what_happened_when_and_by_whom(entry: AuditEntry, order: Order) -> None:
    assert (entry.action, entry.actor, entry.at) == ("order_paid", "customer", order.paid_at)
    assert (entry.subject, entry.reference) == (order.subject, order.reference)
    assert entry.detail == {"total_cents": 7350, "currency": "eur"}


def test_an_entry_is_announced_once_whatever_is_run_again(
    entry: AuditEntry, order: Order, run: Run
) -> None:
    run(audit("order_paid", order.pk))

    assert AuditEntry.objects.count() == 1
    assert Event.objects.filter(type=EntryRecorded.type).count() == 1


def test_a_refund_long_after_a_cancellation_has_its_own_moment_and_the_name_of_who_decided(
    db: None, run: Run
) -> None:
    order = paid()
    cancel_order(order_id=order.pk, by="harbour", reason="the pier is closed")
    cancelled = Order.objects.get().closed_at
    stands(Refund.objects.get())
    refunded = Order.objects.get().refunded_at
    assert cancelled is not None
    assert refunded is not None
    assert cancelled < refunded

    run(audit("order_cancelled", order.pk))
    run(audit("order_refunded", order.pk))

    entries = AuditEntry.objects.order_by("id").values_list("action", "actor", "at")
    assert list(entries) == [
        ("order_cancelled", "harbour", cancelled),
        ("order_refunded", "harbour", refunded),
    ]


def test_money_that_came_back_is_an_entry_and_so_is_what_goes_back_then(db: None, run: Run) -> None:
    order = paid()
    refund = stands(refund_of(order))
    stands(refund, "failed", why="lost or stolen card")
    again = stands(refund_of(order))
    for fact, handler in ((OrderRefunded, audit_refund), (RefundCameBack, audit_return)):
        for event in Event.objects.filter(type=fact.type).order_by("id"):
            [spec] = handler(fact(**event.payload))
            run(spec)

    found = AuditEntry.objects.order_by("id").values_list("action", "actor", "at")
    refund.refresh_from_db()
    assert list(found)[1:] == [
        ("order_refunded", "harbour", again.settled_at),
        ("refund_came_back", "payment provider", refund.came_back_at),
    ]
    reason = AuditEntry.objects.latest("id").detail["reason"]
    assert reason == "lost or stolen card"


def test_a_part_that_went_back_is_an_entry_of_its_own(db: None, run: Run) -> None:
    order = paid()
    for cents in (300, 200):
        refund = stands(refund_of(order, cents=cents))
        run(audit("order_partly_refunded", order.pk, refund_id=refund.pk))

    entries = AuditEntry.objects.order_by("id").values_list("action", "actor", "detail")
    assert list(entries) == [
        ("order_partly_refunded", "harbour", {"refunded_cents": cents, "currency": "eur"})
        for cents in (300, 200)
    ]


@pytest.mark.parametrize(
    ("fact", "more"),
    [(OrderPaid, {}), (OrderCancelled, {}), (OrderRefunded, {"refund_id": 1, "again": ""})],
)
def test_every_fact_has_its_job(
    fact: type[DomainEvent], more: dict[str, Any], order: Order
) -> None:
    assert keys_of(fact.restore({"order_id": order.pk, **more})) == [
        f"audit:{fact.type.removeprefix('orders.')}:{order.reference}"
    ]


def keys_of(fact: DomainEvent) -> list[str]:
    ours = [h for h in registry.HANDLERS[fact.type] if h.__module__ == "reports.handlers"]
    return [spec.key for handler in ours for spec in handler(fact)]
