"""What a customer sees happen after the payment."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from deferral.models import Event, Job
from deferral.registry import TASKS
from orders import services
from orders.models import Order
from orders.payments.provider.settlements import Settlement
from shop.models import Product
from shop.progress import order_progress
from tests.shop.buying import own, placed

Shop = dict[str, Product]


def happens(order: Order, task: str, key: str, state: str = "done", **facts: object) -> Job:
    """A job of the order, as the relay and a worker would have left it."""
    Event.objects.filter(subject=order.subject).update(state="expanded")
    return Job.objects.create(
        key=key,
        subject=order.subject,
        task=task,
        queue=TASKS[task].queue,
        state=state,
        settled_at=timezone.now(),
        **facts,
    )


def steps(page: str) -> dict[str, str]:
    """data-step to data-state."""
    return dict(re.findall(r'data-step="([\w-]+)" data-state="(\w+)"', page))


def test_without_a_relay_the_page_says_that_nobody_is_there(
    paid_order: Order, customer: Client, link: str
) -> None:
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert steps(page) == {"payment": "done", "preparing": "unserved"}
    assert "Nobody is working on this at the moment" in page


def test_before_the_relay_comes_the_page_prepares(
    paid_order: Order, customer: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.progress.unserved_queues", set)
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert steps(page) == {"payment": "done", "preparing": "running"}
    assert re.search(r"<progress\s+max", page)  # how much it will be nobody knows yet
    assert "Visa ending 4242" in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_what_follows_a_payment_and_could_not_be_written_down_is_held_up(
    paid_order: Order, customer: Client, link: str
) -> None:
    """A handler failed for good: no jobs, and nothing comes of waiting."""
    Event.objects.filter(subject=paid_order.subject).update(state="dead")
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert steps(page) == {"payment": "done", "preparing": "dead"}
    assert "This needs one of us. We have been told" in page
    assert "What has happened" not in page
    assert 'hx-trigger="every 15s"' in page


def test_what_moves_beside_it_is_asked_about_briskly(
    paid_order: Order, customer: Client, link: str
) -> None:
    happens(paid_order, "shop.reserve_print_room", "reserve_print_room:1", state="running")
    Event.objects.filter(subject=paid_order.subject).update(state="dead")
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert steps(page) == {"payment": "done", "print-room": "running", "preparing": "dead"}
    assert 'hx-trigger="every 1s"' in page


def test_a_warehouse_that_answered_an_error_is_not_said_to_be_silent(
    paid_order: Order, customer: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.progress.unserved_queues", set)
    first = {"class": "Retry", "message": "warehouse did not answer", "failure_kind": "silent"}
    last = {"class": "Retry", "message": "warehouse answered 503", "failure_kind": "unable"}
    later = timezone.now() + timedelta(seconds=30)
    happens(
        paid_order,
        "shop.reserve_warehouse",
        "reserve_warehouse:1",
        state="pending",
        attempts=2,
        next_at=later,
        errors=[first, last],
    )
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    words = re.sub(r"<span[^>]*>", "", page)
    assert "The warehouse could not take it. Trying again in" in words
    assert "did not answer" not in page


def test_nothing_new_costs_no_page(paid_order: Order, customer: Client, link: str) -> None:
    address = f"/orders/{paid_order.number}/steps/{link}"
    [version] = re.findall(r"/steps/\?v=(\w+)", customer.get(address).content.decode())
    same = customer.get(f"{address}&v={version}")
    happens(paid_order, "shop.reserve_print_room", "reserve_print_room:1", state="pending")
    changed = customer.get(f"{address}&v={version}")

    assert (same.status_code, same["Cache-Control"], changed.status_code) == (204, "no-store", 200)


def test_when_all_is_done_the_page_stops_asking(
    paid_order: Order, customer: Client, link: str
) -> None:
    happens(paid_order, "shop.reserve_print_room", "reserve_print_room:1")
    happens(paid_order, "notifications.count_sale", "analytics:1", state="pending")
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert steps(page) == {"payment": "done", "print-room": "done"}
    assert "/steps/?v=" not in page
    assert "noscript" not in page


def test_what_was_made_is_linked(paid_order: Order, customer: Client, link: str) -> None:
    happens(paid_order, "reports.write_receipt", f"receipt:{paid_order.reference}")
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert f'"/orders/{paid_order.number}/documents/receipt:{paid_order.reference}/{link}"' in page


def test_one_document_is_a_button_and_several_are_one_file(
    paid_order: Order, customer: Client, link: str
) -> None:
    happens(paid_order, "reports.write_receipt", f"receipt:{paid_order.reference}")
    happens(paid_order, "reports.write_ticket", "ticket:7:1")
    late = happens(paid_order, "reports.write_ticket", "ticket:7:2", state="running")
    before = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()
    Job.objects.filter(pk=late.pk).update(state="done")
    after = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    documents = f"/orders/{paid_order.number}/documents"
    assert re.findall(r'class="button wide[^"]*" href="([^"]+)"', before) == [
        f"{documents}/receipt:{paid_order.reference}/{link}"
    ]
    assert f'href="{documents}/ticket/{link}">Download tickets' in after


def test_a_cancelled_order_offers_no_tickets(
    paid_order: Order, customer: Client, link: str
) -> None:
    happens(paid_order, "reports.write_ticket", "ticket:7:1")
    Order.objects.filter(pk=paid_order.pk).update(state="cancelled")
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert "This order was cancelled." in page
    assert "Download tickets" not in page


def test_the_zone_of_the_times_is_named_once(
    paid_order: Order, customer: Client, link: str
) -> None:
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()

    assert len(re.findall(r"\d\d:\d\d CES?T", page)) == 1


def test_only_the_words_of_a_step_are_read_out_when_it_changes(
    paid_order: Order, customer: Client, link: str
) -> None:
    """One live region for each title and state, and nothing live around them."""
    happens(paid_order, "reports.write_receipt", "receipt:1", state="running", attempts=1)
    page = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()
    spoken = re.findall(r'role="status">(.+?)</p>', page)

    assert [re.sub("<.*?>", "", words) for words in spoken] == [
        "Payment received: done", "Receipt: in progress",
    ]  # fmt: skip
    assert "aria-live" not in page


def test_a_hundred_tickets_are_one_step_and_no_more_questions(
    paid_order: Order,
    customer: Client,
    link: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for seat in range(100):
        state = "done" if seat < 41 else "pending"
        happens(paid_order, "reports.write_ticket", f"ticket:1:{seat}", state=state)
    with django_assert_max_num_queries(14):
        page = customer.get(f"/orders/{paid_order.number}/steps/{link}").content.decode()

    assert "41 of 100" in page
    assert len(steps(page)) == 2
    assert '<progress value="1.41" max="2"' in page


def test_a_failed_payment_says_why_and_leads_back(stocked: Shop, customer: Client) -> None:
    order = placed((stocked["lantern"], 1))
    [attempt] = order.payments.all()
    declined = Settlement(outcome="failed", reason="Your card has expired.")
    services.mark_failed(attempt_id=attempt.pk, settlement=declined)
    page = customer.get(f"/orders/{order.number}/?token={order.link_token}").content.decode()

    assert "Your card has expired. Nothing was charged." in page
    assert "/steps/?v=" not in page


def test_a_long_order_is_named_by_its_first_lines(stocked: Shop, customer: Client) -> None:
    order = placed(*((stocked[slug], 1) for slug in ("slow-swell", "first-boat", "low-tide",
                                                    "enamel-cup", "tea-tin")))  # fmt: skip
    own(customer, order)
    page = customer.get("/orders/").content.decode()

    assert "and 2 more" in page
    assert "Enamel cup" not in page


@pytest.mark.parametrize("moment", range(8))
def test_a_relay_that_comes_while_the_page_is_read_does_not_end_it(
    paid_order: Order, moment: int
) -> None:
    """Between any two of the page's statements the event becomes jobs."""
    statements = iter(range(99))

    def relay_comes(execute: Any, *words: Any) -> Any:
        found = execute(*words)
        if next(statements) == moment:
            happens(paid_order, "reports.write_receipt", "receipt:1", state="pending")
        return found

    with connection.execute_wrapper(relay_comes):
        progress = order_progress(paid_order)

    assert not progress.finished
