"""Cancelling and refunding in the admin: asked first, for a reason, by who may."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from deferral.ledger.dead_letters import discard_jobs
from deferral.models import Event, Job
from orders.models import Order, Refund
from orders.payments.refunds.recording import mark_refund_refused
from tests.deferral.staff import a_dead_job, sitting
from tests.orders.buying import in_state, paid, refund_of

pytestmark = pytest.mark.django_db

ORDERS = "/admin/orders/order/"


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


def text(client: Client, address: str) -> str:
    """The page, which must open."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer)
    return answer.content.decode()


def page_of(order: Order) -> str:
    return f"{ORDERS}{order.pk}/change/"


def decide(
    client: Client, order: Order, what: str, reason: str = "the pier is closed", **more: Any
) -> Any:
    """Press the button on the page that asks; of a refund everything, as the page proposes."""
    terms = {"reason": reason, **({"amount": "40.90", "seen": "0"} if what == "refund" else {})}
    return client.post(f"{ORDERS}{order.pk}/decide/{what}/", terms | more, follow=True)


@pytest.mark.parametrize("what", ["cancel", "refund"])
def test_asking_changes_nothing(staff: Client, what: str) -> None:
    order = paid()
    before = list(Order.objects.values()), Event.objects.count()

    assert 'name="reason"' in text(staff, f"{ORDERS}{order.pk}/decide/{what}/")

    assert (list(Order.objects.values()), Event.objects.count()) == before


@pytest.mark.parametrize("what", ["cancel", "refund"])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_nothing_is_decided_without_a_reason_that_fits(
    staff: Client, what: str, reason: str
) -> None:
    order = paid()

    answer = decide(staff, order, what, reason)

    assert "errorlist" in answer.content.decode()
    order.refresh_from_db()
    assert (order.state, order.closed_by) == ("paid", "")
    assert not Event.objects.exclude(type="orders.order_paid").exists()


def test_a_paid_order_is_cancelled_and_it_is_known_by_whom(staff: Client) -> None:
    order = paid()

    answer = decide(staff, order, "cancel")

    order.refresh_from_db()
    by = answer.wsgi_request.user.get_username()
    assert (order.state, order.closed_by) == ("cancelled", by)
    assert order.closed_reason == "the pier is closed"
    assert Event.objects.filter(type="orders.order_cancelled").count() == 1
    assert LogEntry.objects.get().change_message == "Cancel order: the pier is closed"


def test_what_was_decided_about_an_order_outlives_who_decided_it(staff: Client) -> None:
    order = paid()
    answer = decide(staff, order, "cancel")
    who: Any = answer.wsgi_request.user
    User.objects.filter(pk=who.pk).delete()
    chief = sitting(superuser=True)

    assert who.email in text(chief, page_of(order))
    for words in (order.number, who.email):
        found = text(chief, f"/admin/deferral/intervention/?q={words}")
        assert "Cancel order: the pier is closed" in found


def test_what_was_decided_about_its_jobs_stands_on_the_orders_page(staff: Client) -> None:
    order = paid()
    job = a_dead_job(subject=order.subject)
    discard_jobs([job.pk], by="eva", reason="nobody misses it")
    Job.objects.all().delete()

    assert "nobody misses it" in text(staff, page_of(order))


def test_a_refund_is_asked_for_and_not_pretended(staff: Client) -> None:
    order = paid()

    answer = decide(staff, order, "refund")

    order.refresh_from_db()
    assert order.state == "paid"
    assert Event.objects.filter(type="orders.refund_requested").count() == 1
    assert "will be refunded as soon as the provider has done it" in answer.content.decode()


@pytest.mark.parametrize("what", ["cancel", "refund"])
def test_what_is_not_allowed_is_said(staff: Client, what: str) -> None:
    order = in_state("refunded")

    page = decide(staff, order, what).content.decode()

    assert f"{order.number} of {order.name} ({order.email}) is refunded." in page
    assert "This cannot be done with it any more." in page
    assert not Event.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("state", "offered"),
    [("paid", {"cancel", "refund"}), ("cancelled", {"refund"}), ("awaiting_payment", set())],
)
def test_only_what_may_be_decided_is_offered(staff: Client, state: str, offered: set[str]) -> None:
    page = text(staff, page_of(in_state(state)))

    assert {what for what in ("cancel", "refund") if f"/decide/{what}/" in page} == offered


@pytest.mark.parametrize("what", ["cancel", "refund"])
def test_who_may_only_look_decides_nothing(what: str) -> None:
    order, looker = paid(), sitting("view_order")

    assert "/decide/" not in text(looker, page_of(order))
    assert looker.get(f"{ORDERS}{order.pk}/decide/{what}/").status_code == 403
    assert decide(looker, order, what).status_code == 403
    order.refresh_from_db()
    assert (order.state, order.closed_by) == ("paid", "")


def test_who_may_change_orders_decides() -> None:
    order = paid()

    decide(sitting("view_order", "change_order"), order, "cancel")

    order.refresh_from_db()
    assert order.state == "cancelled"


def test_there_is_no_third_decision(staff: Client) -> None:
    assert staff.get(f"{ORDERS}{paid().pk}/decide/delete/").status_code == 404
    assert staff.get(f"{ORDERS}0/decide/cancel/").status_code == 404


def test_a_part_goes_back_and_the_page_says_what_is_left(staff: Client) -> None:
    order = paid()
    page = text(staff, f"{ORDERS}{order.pk}/decide/refund/")
    assert "Everything that is left: 40.90 EUR" in page
    assert "40.90 EUR can go back." in page

    decide(staff, order, "refund", amount="12.5")

    assert Refund.objects.get().amount_cents == 1_250
    assert LogEntry.objects.get().change_message == "Refund 12.50 EUR: the pier is closed"
    page = text(staff, f"{ORDERS}{order.pk}/decide/refund/")
    assert "Everything that is left: 28.40 EUR" in page
    assert "28.40 EUR can go back. 12.50 EUR did, or are on their way." in page
    page = text(staff, page_of(order))
    assert "12.50 EUR</th><td>an amount</td><td>Requested</td>" in page
    assert "not asked, or without an answer yet" in page


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("40.91", "At most 40.90 EUR can go back."),
        ("0", "greater than or equal to 0.01"),
        ("-1", "greater than or equal to 0.01"),
        ("1.005", "no more than 2 decimal places"),
        ("NaN", "Enter a number."),
        ("1e9", "At most 40.90 EUR can go back."),
        ("ten", "Enter a number."),
        ("", "Choose what is given back, or give an amount."),
    ],
)
def test_an_amount_that_cannot_go_back_is_refused(staff: Client, amount: str, said: str) -> None:
    answer = decide(staff, paid(), "refund", amount=amount)

    assert said in answer.content.decode()
    assert not Refund.objects.exists()


def test_of_two_in_the_admin_one_is_told_that_the_other_was_quicker(staff: Client) -> None:
    order = paid()
    decide(staff, order, "refund", amount="5")

    answer = decide(sitting("view_order", "change_order"), order, "refund", amount="5")

    assert "Meanwhile another refund of this order was decided." in answer.content.decode()
    assert Refund.objects.count() == LogEntry.objects.count() == 1


def test_what_the_provider_refused_is_shown_in_its_words(staff: Client) -> None:
    order = paid()
    mark_refund_refused(refund_id=refund_of(order).pk, refusal="<b>Disputed</b> charge.")

    assert "&lt;b&gt;Disputed&lt;/b&gt; charge." in text(staff, page_of(order))
    assert "/decide/refund/" in text(staff, page_of(order))
