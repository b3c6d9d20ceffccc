"""A card whose bank asks first: to the bank and back, twice, elsewhere, or never."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import Retry as CeleryRetry
from django.db.models import F
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.models import Event, Job
from orders.events import PaymentAtBank
from orders.models import Order, PaymentAttempt
from orders.payments.provider import gateway
from shop.handlers import ask_about_payment
from shop.models import Product
from shop.settlement import hear_of_payment, settle_payment
from tests.rig.running_sandbox import Sandbox
from tests.shop.at_the_bank import ASKS, answers, last_of, page_of, press, status_of
from tests.shop.buying import buy, form_values, in_cart, left_of
from tests.shop.conftest import Run

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")
FAR_AGO = timedelta(minutes=16)


@pytest.fixture
def asked(customer: Client, full_cart: None) -> Order:
    """An order whose customer has pressed the button, with a card that asks."""
    buy(customer, payment_method=ASKS)
    return Order.objects.get()


def sees(customer: Client, order: Order) -> str:
    return customer.get(f"/orders/{order.number}/?token={order.link_token}").content.decode()


def is_over_time(order: Order) -> PaymentAttempt:
    """The customer has been at the bank for longer than they have."""
    order.payments.update(bank_since=F("bank_since") - FAR_AGO)
    return last_of(order)


def test_the_button_leads_to_the_bank_by_a_page_of_ours(customer: Client, bank: Sandbox) -> None:
    to_bank = buy(customer, payment_method=ASKS)
    order = Order.objects.get()
    page = customer.get(to_bank["Location"])

    assert (to_bank.status_code, to_bank["Location"]) == (303, f"/orders/{order.number}/bank/")
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "form-action 'self'" in page["Content-Security-Policy"]
    url = page_of(order)
    assert page.content.decode().count(url) == 2
    assert 'http-equiv="refresh"' in page.content.decode()
    assert (order.state, last_of(order).state) == ("awaiting_payment", "at_bank")
    assert bank.entries("payment", order.number) == []


def test_approved_and_back_it_is_paid_and_the_cart_is_empty(
    asked: Order, customer: Client, bank: Sandbox
) -> None:
    answer = customer.get(f"/{answers(asked, 'approve')}", follow=True)

    assert answer.redirect_chain == [(f"/orders/{asked.number}/", 303)]
    assert b"Thank you" in answer.content
    assert in_cart(customer) == {}
    assert bank.entries("payment", asked.number) == [("charge", 1, 0, 0)]


def test_back_twice_is_paid_once(asked: Order, customer: Client) -> None:
    back = answers(asked, "approve")
    for _ in range(2):
        customer.get(f"/{back}")

    assert Event.objects.filter(type="orders.order_paid").count() == 1


def test_back_in_another_browser_it_is_paid_and_nothing_is_set_there(asked: Order) -> None:
    elsewhere = Client()
    answer = elsewhere.get(f"/{answers(asked, 'approve')}")

    assert answer["Location"] == f"/orders/{asked.number}/?token={asked.link_token}"
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not elsewhere.cookies
    assert Order.objects.get().state == "paid"
    assert "Thank you" in sees(elsewhere, asked)


def test_declined_and_back_it_says_so_keeps_the_goods_and_sends_no_mail(
    asked: Order, customer: Client, open_shop: Shop
) -> None:
    page = customer.get(f"/{answers(asked, 'decline')}", follow=True).content.decode()

    assert "did not confirm that it is you" in page
    assert f"/orders/{asked.number}/pay/" in page
    assert left_of(open_shop["lantern-walk"]) == 237
    assert len(in_cart(customer)) == 3
    assert not Event.objects.filter(type="orders.payment_failed").exists()


def test_who_leaves_the_bank_without_an_answer_finds_the_way_there_again(
    asked: Order, customer: Client, bank: Sandbox
) -> None:
    page = customer.get(f"/orders/{asked.number}/back/", follow=True).content.decode()

    assert "Continue at your bank" in page
    assert "Pay with another card" in page
    assert page_of(asked) in customer.get(f"/orders/{asked.number}/bank/").content.decode()
    assert bank.entries("payment", asked.number) == []


@pytest.mark.parametrize("claim", ["succeeded", "failed", "requires_action"])
def test_what_the_address_says_is_not_believed(asked: Order, customer: Client, claim: str) -> None:
    forged = {"token": asked.link_token, "redirect_status": claim, "payment_intent": "pi_1"}
    customer.get(f"/orders/{asked.number}/back/", forged)

    assert (Order.objects.get().state, last_of(asked).state) == ("awaiting_payment", "at_bank")


@pytest.mark.parametrize("way", ["bank", "back", "pay"])
@pytest.mark.parametrize("query", ["", "?token=wrong"])
def test_nobody_else_is_let_in(asked: Order, way: str, query: str) -> None:
    assert Client().get(f"/orders/{asked.number}/{way}/{query}").status_code == 404


def test_who_never_comes_back_is_asked_about_and_paid(asked: Order, run: Run) -> None:
    attempt = last_of(asked)
    [spec] = ask_about_payment(PaymentAtBank(order_id=asked.pk, attempt_id=attempt.pk))
    with pytest.raises(CeleryRetry):
        run(spec)
    assert Job.objects.get(key=spec.key).attempts == 0
    answers(asked, "approve")

    assert run(spec).state == Job.State.DONE
    assert Order.objects.get().state == "paid"


def test_who_never_answers_is_called_off_told_by_mail_and_never_charged(
    asked: Order, bank: Sandbox, open_shop: Shop
) -> None:
    left_open = page_of(asked)
    settle_payment(attempt_id=is_over_time(asked).pk)
    press(left_open, "approve")

    assert status_of(bank, last_of(asked)) == "canceled"
    assert bank.entries("payment", asked.number) == []
    assert last_of(asked).reason == "Your bank's question was not answered in time."
    assert Event.objects.filter(type="orders.payment_failed").count() == 1
    assert left_of(open_shop["lantern-walk"]) == 237


def test_what_was_approved_in_the_last_moment_is_paid(asked: Order) -> None:
    attempt = is_over_time(asked)
    answers(asked, "approve")
    settle_payment(attempt_id=attempt.pk)

    assert Order.objects.get().state == "paid"


def test_the_providers_notice_may_be_quicker_than_the_browser(
    asked: Order, customer: Client
) -> None:
    back = answers(asked, "approve")
    hear_of_payment(provider_ref=last_of(asked).provider_ref)
    assert Order.objects.get().state == "paid"

    assert b"Thank you" in customer.get(f"/{back}", follow=True).content


def test_a_notice_of_a_decline_has_the_customer_told(asked: Order) -> None:
    answers(asked, "decline")
    hear_of_payment(provider_ref=last_of(asked).provider_ref)

    assert Order.objects.get().can_pay_again
    assert Event.objects.filter(type="orders.payment_failed").count() == 1


def test_a_notice_that_the_bank_asks_tells_what_a_dead_web_process_did_not(asked: Order) -> None:
    asked.payments.update(state="requested", bank_since=None)
    for _ in range(2):
        hear_of_payment(provider_ref=last_of(asked).provider_ref)

    assert last_of(asked).state == "at_bank"


def test_an_answer_lost_on_its_way_leads_to_the_bank_all_the_same(
    customer: Client, bank: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm, calls = gateway.confirm, list[Any]()

    def loses_the_first(**about: str) -> gateway.Settlement:
        calls.append(about)
        bank.fault("payment", mode="lost-reply" if len(calls) == 1 else "ok")
        return confirm(**about)

    monkeypatch.setattr(gateway, "confirm", loses_the_first)
    answer = buy(customer, payment_method=ASKS)

    assert answer["Location"].endswith("/bank/")
    assert calls[0] == calls[1]


def test_an_answer_lost_for_good_leads_there_from_the_orders_page(
    asked: Order, customer: Client
) -> None:
    asked.payments.update(state="unknown", bank_since=None)
    Order.objects.update(state="payment_unknown")
    with pytest.raises(Exception, match="the bank waits"):
        settle_payment(attempt_id=last_of(asked).pk)

    assert "Continue at your bank" in sees(customer, asked)


def test_pressing_pay_again_leads_to_the_same_order_and_its_link(
    customer: Client, bank: Sandbox
) -> None:
    form = form_values(customer, payment_method=ASKS)
    customer.post("/checkout/", form)
    page = customer.post("/checkout/", form, follow=True).content.decode()

    assert "Continue at your bank" in page
    assert Order.objects.count() == 1


def test_while_the_provider_is_away_the_way_back_shows_the_order(
    asked: Order, customer: Client, bank: Sandbox
) -> None:
    back = answers(asked, "approve")
    bank.fault("payment", mode="503")
    try:
        answer = customer.get(f"/{back}", follow=True)
    finally:
        bank.fault("payment", mode="ok")

    assert b"Your bank has a question" in answer.content
    assert last_of(asked).state == "at_bank"


def test_a_card_that_wants_what_we_cannot_show_is_called_off_and_says_so(
    customer: Client, bank: Sandbox, settings: Settings
) -> None:
    """Its page is not encrypted, and not the sandbox's; or it would need the provider's script."""
    settings.PAYMENT_BANK_ORIGIN = ""
    page = customer.get(buy(customer, payment_method=ASKS)["Location"], follow=True)

    assert b"Please use another" in page.content
    order = Order.objects.get()
    assert status_of(bank, last_of(order)) == "canceled"
    assert order.can_pay_again


def test_the_page_says_until_when_the_bank_may_be_answered(asked: Order, customer: Client) -> None:
    since = last_of(asked).bank_since
    assert since is not None
    assert timedelta() <= datetime.now(UTC) - since < timedelta(minutes=1)

    assert re.search(r"Until \d\d:\d\d \w+ what you chose is kept", sees(customer, asked))
