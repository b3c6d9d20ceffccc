"""What was done for an order is still told when the ledger's rows have left."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deferral.models import Job
from orders.models import Order
from orders.summaries import keep_summaries, kept_jobs
from tests.orders.buying import paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Paid 85 days ago; its receipt was written then."""
    found = paid()
    then = timezone.now() - timedelta(days=85)
    Order.objects.filter(pk=found.pk).update(paid_at=then)
    Job.objects.create(
        key=f"receipt:{found.reference}",
        subject=found.subject,
        task="reports.write_receipt",
        queue="critical",
        state="done",
        attempts=1,
        settled_at=then,
    )
    return found


def test_the_summary_is_kept_before_the_rows_leave(order: Order) -> None:
    assert keep_summaries() == 1
    assert keep_summaries() == 0

    order.refresh_from_db()
    [job] = kept_jobs(order).values()
    assert (job.task, job.state) == ("reports.write_receipt", "done")
    assert job.settled_at is not None
    assert timezone.now() - job.settled_at > timedelta(days=84)


def test_a_young_order_needs_no_summary_yet(order: Order) -> None:
    Order.objects.update(paid_at=timezone.now())

    assert keep_summaries() == 0


def test_the_page_still_shows_what_was_done(order: Order) -> None:
    keep_summaries()
    Job.objects.all().delete()

    page = Client().get(f"/orders/{order.number}/?token={order.link_token}").content.decode()

    assert 'data-step="receipt" data-state="done"' in page
