"""How long it is until something happens, as a page counts it down."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deferral.models import Job
from orders.models import Order
from shop.countdowns import counted, counted_in_an_alert
from tests.shop.test_order_page import happens

DUE = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def test_it_says_what_the_page_counts_from() -> None:
    assert counted(timedelta(seconds=63.2), due=DUE) == (
        '<span data-seconds="63.2" data-due="2026-11-22T14:00:00+00:00">in 63 s</span>'
    )


def test_in_an_alert_what_ticks_is_not_read_out() -> None:
    html = counted_in_an_alert(timedelta(seconds=63))

    assert re.findall(r'aria-hidden="true" data-seconds="63.0">(.*?)<', html) == ["in 63 s"]
    assert re.findall(r"data-spoken>(.*?)<", html) == ["in 63 s"]


@pytest.fixture
def waiting(paid_order: Order, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Tried twice, and once more in a minute."""
    monkeypatch.setattr("shop.progress.unserved_queues", set)
    later = timezone.now() + timedelta(seconds=60)
    return happens(
        paid_order, "shop.reserve_warehouse", "reserve:1", state="pending", attempts=2,
        next_at=later,
    )  # fmt: skip


def test_seconds_that_go_by_cost_no_page(
    waiting: Job, paid_order: Order, customer: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/orders/{paid_order.number}/steps/{link}"
    page = customer.get(address).content.decode()
    [version] = re.findall(r"/steps/\?v=(\w+)", page)
    assert re.search(r'Trying again <span data-seconds="\d+\.\d" data-due="[^"]+">in \d+ s<', page)

    later = timezone.now() + timedelta(seconds=20)
    monkeypatch.setattr("shop.progress.timezone.now", lambda: later)

    assert customer.get(f"{address}&v={version}").status_code == 204


def test_another_time_of_the_next_try_is_another_page(
    waiting: Job, paid_order: Order, customer: Client, link: str
) -> None:
    address = f"/orders/{paid_order.number}/steps/{link}"
    [version] = re.findall(r"/steps/\?v=(\w+)", customer.get(address).content.decode())
    Job.objects.filter(pk=waiting.pk).update(next_at=timezone.now() + timedelta(seconds=90))

    assert customer.get(f"{address}&v={version}").status_code == 200
