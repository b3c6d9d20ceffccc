"""An order whose payment failed is paid from its page: another attempt, never a second charge."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from deferral.external import breakers
from deferral.models import Breaker, Event
from orders import services
from orders.errors import NotPayableNow
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider import gateway
from orders.payments.provider.gateway import PROVIDER
from orders.payments.provider.settlements import Settlement
from orders.payments.trying_again import begin_again
from shop.checkout import KEPT_FOR
from shop.models import Product
from shop.settlement import settle_payment, settle_stale_payments
from tests.rig.running_sandbox import Sandbox
from tests.shop.at_the_bank import ASKS, last_of, page_of, press, status_of
from tests.shop.buying import buy, form_values, in_cart, left_of

Shop = dict[str, Product]
pytestmark = pytest.mark.usefixtures("full_cart")
VISA, DECLINED = "pm_card_visa", "pm_card_chargeDeclined"


@pytest.fixture
def failed(customer: Client, full_cart: None) -> Order:
    """Its customer never answered the bank."""
    buy(customer, payment_method=ASKS)
    order = Order.objects.get()
    order.payments.update(bank_since=datetime.now(UTC) - timedelta(minutes=16))
    settle_payment(attempt_id=last_of(order).pk)
    order.refresh_from_db()
    return order


@pytest.fixture
def asked(customer: Client, full_cart: None) -> Order:
    """Its customer is at the bank."""
    buy(customer, payment_method=ASKS)
    return Order.objects.get()


def pays(somebody: Client, order: Order, method: str = VISA) -> Any:
    where = f"/orders/{order.number}/pay/?token={order.link_token}"
    return somebody.post(where, {"payment_method": method})


def charges(bank: Sandbox, order: Order) -> list[tuple[str, int]]:
    rows = bank.entries("payment", order.number)
    return [(effect, accepted) for effect, accepted, *_ in rows if accepted]


def test_by_the_mails_link_in_any_browser_it_is_paid_once(failed: Order, bank: Sandbox) -> None:
    elsewhere = Client(enforce_csrf_checks=True)
    where = f"/orders/{failed.number}/pay/?token={failed.link_token}"
    form = elsewhere.get(where)
    token = elsewhere.cookies["csrftoken"].value
    sent = {"payment_method": VISA, "csrfmiddlewaretoken": token}
    answer = elsewhere.post(where, sent)

    assert "no-store" in form["Cache-Control"]
    assert form["Referrer-Policy"] == "same-origin"
    assert answer["Location"] == f"/orders/{failed.number}/?token={failed.link_token}"
    assert list(elsewhere.cookies) == ["csrftoken"]
    assert Order.objects.get().state == "paid"
    assert charges(bank, failed) == [("charge", 1)]
    assert [one.state for one in failed.payments.all()] == ["failed", "captured"]


def test_its_page_and_its_customers_checkout_lead_there(failed: Order, customer: Client) -> None:
    led = customer.get("/checkout/", follow=True)

    assert led.redirect_chain == [(f"/orders/{failed.number}/", 303)]
    assert f'href="/orders/{failed.number}/pay/"' in led.content.decode()
    again = customer.post("/checkout/", form_values(customer, checkout_key="") or {})
    assert again["Location"] == f"/orders/{failed.number}/"
    pays(customer, failed)
    assert b"Thank you" in customer.get(f"/orders/{failed.number}/").content
    assert in_cart(customer) == {}


def test_a_card_that_is_declined_leaves_it_as_it_was(
    failed: Order, customer: Client, bank: Sandbox
) -> None:
    until = failed.kept_until
    answer = pays(customer, failed, DECLINED)

    assert answer.status_code == 402
    assert b"Your card was declined. Nothing was charged" in answer.content
    failed.refresh_from_db()
    assert (failed.can_pay_again, failed.kept_until) == (True, until)
    assert pays(customer, failed).status_code == 303
    assert charges(bank, failed) == [("charge", 1)]


def test_every_earlier_attempt_is_called_off_before_the_next_one_begins(
    failed: Order, customer: Client, bank: Sandbox
) -> None:
    for _ in range(2):
        pays(customer, failed, DECLINED)
    pays(customer, failed)

    status = [status_of(bank, one) for one in failed.payments.order_by("id")]
    assert status == ["canceled", "canceled", "canceled", "succeeded"]


def test_another_card_while_the_bank_waits_calls_the_bank_off(
    asked: Order, customer: Client, bank: Sandbox
) -> None:
    left_open = page_of(asked)
    assert pays(customer, asked).status_code == 303
    press(left_open, "approve")

    assert Order.objects.get().state == "paid"
    assert charges(bank, asked) == [("charge", 1)]


def test_what_was_approved_meanwhile_pays_and_no_second_card_is_charged(
    asked: Order, customer: Client, bank: Sandbox
) -> None:
    press(page_of(asked), "approve")
    answer = pays(customer, asked)

    assert answer["Location"].startswith(f"/orders/{asked.number}/")
    assert Order.objects.get().state == "paid"
    assert asked.payments.count() == 1
    assert charges(bank, asked) == [("charge", 1)]


def test_a_second_card_that_asks_leads_to_its_bank(failed: Order, bank: Sandbox) -> None:
    elsewhere = Client()
    answer = pays(elsewhere, failed, ASKS)

    where = f"/orders/{failed.number}/bank/?token={failed.link_token}"
    assert answer["Location"] == where
    assert page_of(failed) in elsewhere.get(where).content.decode()


def at_once(*acts: Callable[[], object]) -> None:
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        together.wait()
        act()
        connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_pressed_five_times_at_once_it_is_charged_once(failed: Order, bank: Sandbox) -> None:
    at_once(*(lambda: pays(Client(), failed) for _ in range(5)))

    assert Order.objects.get().state == "paid"
    assert charges(bank, failed) == [("charge", 1)]
    assert failed.payments.count() == 2


def test_after_the_stated_time_it_cannot_be_paid_and_the_goods_are_others(
    failed: Order, customer: Client, open_shop: Shop, bank: Sandbox
) -> None:
    assert left_of(open_shop["lantern-walk"]) == 237
    Order.objects.update(kept_until=Now() - timedelta(seconds=1))
    answer = pays(customer, failed)
    settle_stale_payments()

    assert answer.status_code == 303
    assert charges(bank, failed) == []
    assert left_of(open_shop["lantern-walk"]) == 240
    assert b"Pay again" not in customer.get(f"/orders/{failed.number}/").content
    assert customer.get("/checkout/").status_code == 200


@pytest.mark.parametrize("state", ["requested", "unknown", "held"])
def test_what_is_under_way_is_not_paid_beside(
    state: str, asked: Order, customer: Client, bank: Sandbox
) -> None:
    asked.payments.update(state=state)

    assert pays(customer, asked)["Location"].startswith(f"/orders/{asked.number}/")
    assert asked.payments.count() == 1


def test_while_the_provider_is_away_nothing_is_begun_and_the_page_says_when_to_press(
    failed: Order, customer: Client, bank: Sandbox
) -> None:
    until = Now() + timedelta(seconds=30)
    Breaker.objects.update_or_create(name=PROVIDER, defaults={"openings": 1, "open_until": until})
    breakers.forget()
    answer = pays(customer, failed)

    assert answer.status_code == 503
    assert 25 < int(answer["Retry-After"]) < 40
    assert failed.payments.count() == 1
    assert Order.objects.get().can_pay_again


@pytest.mark.parametrize("mode", ["503", "reset"])
def test_what_cannot_be_called_off_is_not_followed_by_another(
    mode: str, failed: Order, customer: Client, bank: Sandbox
) -> None:
    bank.fault("payment", mode=mode)
    try:
        assert pays(customer, failed).status_code == 503
    finally:
        bank.fault("payment", mode="ok")

    assert failed.payments.count() == 1


def test_a_form_without_a_card_is_shown_again(failed: Order, customer: Client) -> None:
    assert pays(customer, failed, "pm_of_nobody").status_code == 422
    assert failed.payments.count() == 1


def test_a_paid_order_has_no_such_page(paid_order: Order, link: str) -> None:
    answer = Client().get(f"/orders/{paid_order.number}/pay/{link}")

    assert answer["Location"] == f"/orders/{paid_order.number}/{link}"


def test_money_of_a_failed_order_whose_goods_are_kept_pays_it(failed: Order) -> None:
    """It was called off; should the provider capture it all the same, this is what both want."""
    captured = Settlement(outcome="captured", ref=last_of(failed).provider_ref)
    order = services.mark_paid(attempt_id=last_of(failed).pk, settlement=captured)

    assert (order.state, order.kept_until) == ("paid", None)


def test_money_of_an_attempt_after_which_another_paid_goes_back_alone(
    failed: Order, customer: Client
) -> None:
    pays(customer, failed)
    first = failed.payments.earliest("id")
    captured = Settlement(outcome="captured", ref=first.provider_ref)
    order = services.mark_paid(attempt_id=first.pk, settlement=captured)

    assert (order.state, order.is_closing) == ("paid", False)
    assert Refund.objects.get().payment == first
    assert Event.objects.filter(type="orders.payment_too_late").count() == 1


def test_money_of_an_attempt_after_which_another_waits_goes_back_alone(
    failed: Order, customer: Client
) -> None:
    pays(customer, failed, ASKS)
    first = failed.payments.earliest("id")
    captured = Settlement(outcome="captured", ref=first.provider_ref)
    order = services.mark_paid(attempt_id=first.pk, settlement=captured)

    assert (order.state, last_of(order).state) == ("awaiting_payment", "at_bank")
    assert Refund.objects.get().payment == first


def test_an_earlier_attempt_that_fails_late_does_not_fail_the_order(
    failed: Order, customer: Client
) -> None:
    pays(customer, failed, ASKS)
    first = failed.payments.earliest("id")
    PaymentAttempt.objects.filter(pk=first.pk).update(state="unknown")
    order = services.mark_failed(
        attempt_id=first.pk, settlement=Settlement(outcome="failed"), tell=True
    )

    assert order.state == "awaiting_payment"


def test_none_is_begun_beside_one_that_was_not_called_off(failed: Order) -> None:
    with pytest.raises(NotPayableNow):
        begin_again(order_id=failed.pk, ended=[], method=VISA)

    assert failed.payments.count() == 1


def test_a_process_that_died_after_it_began_again_loses_no_sale(
    failed: Order, customer: Client, bank: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """As by SIGKILL."""

    def die(**_: object) -> None:
        raise Died

    monkeypatch.setattr("shop.paying_again.paying.pay", die)
    with pytest.raises(Died):
        pays(customer, failed)
    second = last_of(failed)
    PaymentAttempt.objects.filter(pk=second.pk).update(created_at=Now() - timedelta(seconds=61))
    settle_stale_payments()
    settle_payment(attempt_id=second.pk)

    assert Order.objects.get().state == "paid"
    assert charges(bank, failed) == [("charge", 1)]


def test_the_time_is_counted_from_the_first_failure(failed: Order) -> None:
    assert failed.kept_until is not None
    left = failed.kept_until - datetime.now(UTC)

    assert timedelta() < KEPT_FOR - left < timedelta(minutes=1)
    assert gateway.ask(last_of(failed).provider_ref) is not None
