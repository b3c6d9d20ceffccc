"""The audit log: one entry for one fact, then one at the archive."""

import pytest
from celery.exceptions import Retry as CeleryRetry
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral import registry
from deferral.errors import Bury
from deferral.events import DomainEvent
from deferral.handlers import JobSpec, job
from deferral.models import Event, Job
from orders.events import OrderCancelled, OrderPaid, OrderRefunded, RefundCameBack
from orders.models import Order, Refund
from orders.services import cancel_order
from reports import tasks
from reports.events import AuditRecorded
from reports.handlers import audit, audit_refund, audit_return
from reports.models import AuditEntry
from tests.orders.buying import paid, refund_of, stands
from tests.reports.paid_orders import Run
from tests.reports.stand_in_archive import Archive


@pytest.fixture
def entry(order: Order, run: Run) -> AuditEntry:
    run(audit("order_paid", order.pk))
    return AuditEntry.objects.get()


def filing(entry: AuditEntry) -> JobSpec:
    return job(tasks.file_audit, key=f"audit_filed:{entry.pk}", entry_id=entry.pk)


def test_an_entry_says_what_happened_when_and_by_whom(entry: AuditEntry, order: Order) -> None:
    assert (entry.action, entry.actor, entry.at) == ("order_paid", "customer", order.paid_at)
    assert entry.detail == {"total_cents": 7350, "currency": "eur"}


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


def test_the_archive_hears_that_it_was_staff_and_not_who(
    order: Order, run: Run, archive: type[Archive]
) -> None:
    Order.objects.update(state="cancelled", closed_by="harbour", closed_at=order.paid_at)
    run(audit("order_cancelled", order.pk))
    run(filing(AuditEntry.objects.get()))

    [(_, _, body)] = archive.seen
    assert body["actor"] == "staff"


def test_an_entry_is_announced_once_whatever_is_run_again(
    entry: AuditEntry, order: Order, run: Run
) -> None:
    run(audit("order_paid", order.pk))

    assert AuditEntry.objects.count() == 1
    assert Event.objects.filter(type=AuditRecorded.type).count() == 1


def test_an_entry_is_filed_under_the_jobs_key(
    entry: AuditEntry, order: Order, run: Run, archive: type[Archive]
) -> None:
    run(filing(entry))

    [(path, key, body)] = archive.seen
    assert (path, key) == ("/audit-archive/entries", f"audit_filed:{entry.pk}")
    assert (body["order"], body["number"]) == (order.reference, order.number)
    assert body["action"] == "order_paid"
    entry.refresh_from_db()
    assert entry.filed_at is not None


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
def test_an_archive_that_cannot_now_is_asked_again(
    entry: AuditEntry, run: Run, archive: type[Archive], status: int
) -> None:
    archive.status = status

    with pytest.raises(CeleryRetry):
        run(filing(entry))
    assert Job.objects.get(key=filing(entry).key).state == Job.State.PENDING


@pytest.mark.parametrize("status", [302, 400, 401, 410, 422])
def test_an_archive_that_never_will_is_a_dead_letter(
    entry: AuditEntry, run: Run, archive: type[Archive], status: int
) -> None:
    archive.status = status

    with pytest.raises(Bury, match=str(status)):
        run(filing(entry))
    assert Job.objects.get(key=filing(entry).key).state == Job.State.DEAD


def test_an_archive_that_is_not_there_is_asked_again(
    entry: AuditEntry, run: Run, settings: Settings
) -> None:
    settings.AUDIT_ARCHIVE_URL = "http://127.0.0.1:9"

    with pytest.raises(CeleryRetry):
        run(filing(entry))
    entry.refresh_from_db()
    assert entry.filed_at is None


def test_the_archives_wish_to_wait_is_kept(
    entry: AuditEntry, run: Run, archive: type[Archive]
) -> None:
    archive.status, archive.headers_sent = 503, {"Retry-After": "900"}

    with pytest.raises(CeleryRetry):
        run(filing(entry))
    wait = Job.objects.get(key=filing(entry).key).next_at - timezone.now()
    assert 800 < wait.total_seconds() <= 900


@pytest.mark.parametrize("fact", [OrderPaid, OrderCancelled, OrderRefunded])
def test_every_fact_has_its_job(fact: type[OrderPaid], order: Order) -> None:
    assert keys_of(fact(order_id=order.pk)) == [
        f"audit:{fact.type.removeprefix('orders.')}:{order.reference}"
    ]


def test_an_entry_is_filed_under_its_own_name(entry: AuditEntry, order: Order) -> None:
    AuditEntry.objects.update(key=f"audit:order_paid:{order.reference}")

    filed = keys_of(AuditRecorded(entry_id=entry.pk))

    assert filed == [f"audit_filed:order_paid:{order.reference}"]


def keys_of(fact: DomainEvent) -> list[str]:
    ours = [h for h in registry.HANDLERS[fact.type] if h.__module__ == "reports.handlers"]
    return [spec.key for handler in ours for spec in handler(fact)]
