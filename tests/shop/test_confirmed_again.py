"""A charge that was not made, or whose answer was lost, is asked for again: charged once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.errors import Snooze
from deferral.models import Breaker, Event
from orders.errors import PaymentUnavailable
from orders.events import PaymentUnknown
from orders.models import Order, PaymentAttempt
from orders.payments import beginning, paying, pursuing
from orders.payments.provider import gateway
from shop.checkout import place
from shop.handlers import ask_about_payment
from shop.models import Product
from shop.settlement import hear_of_payment, settle_payment, settle_stale_payments
from tests.rig.running_sandbox import Sandbox
from tests.shop.at_the_bank import last_of, status_of
from tests.shop.buying import a_draft, buy, left_of
from tests.shop.conftest import Run

Shop = dict[str, Product]
VISA = "pm_card_visa"
# In each of them nothing is charged: turned away, cut off, never answered, broken and remembered.
FAILURE_KINDS = ["503", "reset", "hang", "500"]
Confirm = Callable[..., gateway.Settlement]


@pytest.fixture
def failing(bank: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """So many confirms go wrong like this; then the provider is well again."""
    confirm: Confirm = gateway.confirm
    seen: list[Any] = []

    def begin(mode: str, times: int = 1) -> list[Any]:
        def confirm_while_failing(**about: str) -> gateway.Settlement:
            seen.append(about)
            bank.fault("payment", mode=mode if len(seen) <= times else "ok")
            try:
                return confirm(**about)
            finally:
                bank.fault("payment", mode="ok")

        monkeypatch.setattr(gateway, "confirm", confirm_while_failing)
        return seen

    return begin


@pytest.fixture
def _impatient(settings: Settings, bank: Sandbox) -> None:
    """Who never answers costs half a second, not ten."""
    settings.PAYMENT_TIMEOUT = 0.5
    gateway.client.cache_clear()


def left_behind(product: Product, method: str = VISA, **age: float) -> PaymentAttempt:
    """An order whose web process died before it charged anything."""
    _, attempt, _ = place(a_draft(product), method=method)
    attempt.refresh_from_db()
    attempt.created_at = datetime.now(UTC) - timedelta(**(age or {"seconds": 61}))
    attempt.save(update_fields=["created_at"])
    return attempt


@pytest.mark.usefixtures("_impatient", "full_cart")
@pytest.mark.parametrize("mode", FAILURE_KINDS)
def test_the_customer_who_waits_gets_the_sale(
    mode: str, customer: Client, bank: Sandbox, failing: Callable[..., list[Any]]
) -> None:
    seen = failing(mode)
    answer = buy(customer)

    order = Order.objects.get()
    assert (answer.status_code, order.state) == (303, "paid")
    assert seen[0] == seen[1]
    assert [row[:2] for row in bank.entries("payment", order.number)][-1] == ("charge", 1)
    assert not Event.objects.filter(type="orders.payment_unknown").exists()


@pytest.mark.usefixtures("full_cart")
def test_who_has_waited_for_seconds_is_shown_the_order_and_a_worker_goes_on(
    customer: Client, bank: Sandbox, failing: Callable[..., list[Any]]
) -> None:
    seen = failing("503", times=3)
    buy(customer)
    order = Order.objects.get()
    assert (order.state, len(seen)) == ("payment_unknown", 3)

    settle_payment(attempt_id=last_of(order).pk)

    assert Order.objects.get().state == "paid"
    assert bank.entries("payment", order.number)[-1][:2] == ("charge", 1)


@pytest.mark.usefixtures("full_cart")
def test_a_charge_that_cannot_even_be_named_is_tried_again_too(
    customer: Client, bank: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, keys = gateway.create, list[str]()

    def create_while_failing(*, key: str, **about: Any) -> str:
        keys.append(key)
        bank.fault("payment", mode="503" if len(keys) == 1 else "ok")
        return create(key=key, **about)

    monkeypatch.setattr(gateway, "create", create_while_failing)
    buy(customer)

    assert Order.objects.get().state == "paid"
    assert keys[0] == keys[1]


@pytest.mark.usefixtures("full_cart")
def test_nobody_insists_while_the_provider_wants_us_to_wait(
    customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = PaymentUnavailable(retry_after=90.0)
    told = gateway.Settlement(outcome="unknown", ref="pi_1", failure=busy)
    calls: list[Any] = []

    def confirm(**about: str) -> gateway.Settlement:
        calls.append(about)
        return told

    monkeypatch.setattr(gateway, "confirm", confirm)
    buy(customer)

    assert len(calls) == 1
    assert Breaker.objects.get().openings == 1
    assert Order.objects.get().state == "payment_unknown"


@pytest.mark.parametrize("named", [True, False])
def test_a_web_process_that_died_before_it_charged_loses_no_sale(
    open_shop: Shop, bank: Sandbox, *, named: bool
) -> None:
    attempt = left_behind(open_shop["lantern"])
    if named:
        assert beginning.begin(beginning.attempt_by_id(attempt.pk), method=VISA)
    settle_stale_payments()
    for _ in range(2):
        settle_payment(attempt_id=attempt.pk)

    assert Order.objects.get().state == "paid"
    assert bank.entries("payment", attempt.order.number) == [("charge", 1, 0, 0)]


def test_after_the_deadline_nobody_is_charged_and_the_customer_is_told(
    open_shop: Shop, bank: Sandbox
) -> None:
    attempt = left_behind(open_shop["lantern"], minutes=16)
    settle_payment(attempt_id=attempt.pk)

    order = Order.objects.get()
    assert (order.state, order.can_pay_again) == ("payment_failed", True)
    assert bank.entries("payment", order.number) == []
    assert Event.objects.filter(type="orders.payment_failed").count() == 1
    assert left_of(open_shop["lantern"]) == 3


def test_the_web_and_a_worker_at_once_charge_once(open_shop: Shop, bank: Sandbox) -> None:
    attempt = left_behind(open_shop["lantern"])
    found = pursuing.ask_provider(attempt_id=attempt.pk)
    paid = paying.pay(attempt_id=attempt.pk, method=VISA)

    assert found is not None
    assert (found.outcome, paid.outcome) == ("captured", "captured")
    assert bank.entries("payment", attempt.order.number) == [("charge", 1, 1, 0)]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_500_that_is_remembered_is_passed_by_another_key(
    times: int, open_shop: Shop, bank: Sandbox, failing: Callable[..., list[Any]]
) -> None:
    attempt = left_behind(open_shop["lantern"])
    failing("500", times=times)
    for _ in range(times):
        with pytest.raises(PaymentUnavailable):
            pursuing.ask_provider(attempt_id=attempt.pk)
    settle_payment(attempt_id=attempt.pk)

    assert Order.objects.get().state == "paid"
    entries = bank.entries("payment", attempt.order.number)
    assert sum(accepted for effect, accepted, *_ in entries if effect == "charge") == 1


def test_a_500_does_not_keep_a_charge_from_being_called_off(open_shop: Shop, bank: Sandbox) -> None:
    attempt = left_behind(open_shop["lantern"])
    assert beginning.begin(beginning.attempt_by_id(attempt.pk), method=VISA)
    attempt.refresh_from_db()
    bank.fault("payment", mode="500")
    with pytest.raises(PaymentUnavailable):
        gateway.call_off(key=str(attempt.key), ref=attempt.provider_ref)
    bank.fault("payment", mode="ok")
    gateway.call_off(key=str(attempt.key), ref=attempt.provider_ref)

    assert status_of(bank, attempt) == "canceled"


def test_what_was_charged_before_it_broke_is_found_and_not_taken_for_refused(
    open_shop: Shop, bank: Sandbox
) -> None:
    """The key's answer is gone, so another key asks, and is refused: it is charged already."""
    attempt = left_behind(open_shop["lantern"])
    paying.pay(attempt_id=attempt.pk, method=VISA)
    again = beginning.attempt_by_id(attempt.pk)
    again.key = type(again.key)(int=1)

    assert paying.confirm_again(again).outcome == "captured"


def test_a_card_that_the_provider_does_not_know_fails_soon(open_shop: Shop, bank: Sandbox) -> None:
    attempt = left_behind(open_shop["lantern"], method="pm_of_nobody")
    settle_payment(attempt_id=attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.reason) == ("failed", pursuing.NOT_TAKEN)
    assert status_of(bank, attempt) == "canceled"


@pytest.mark.parametrize("card", [VISA, "pm_card_chargeDeclined", "pm_of_nobody"])
def test_a_worker_keeps_its_session_and_with_it_the_jobs_lock(
    card: str, open_shop: Shop, bank: Sandbox, run: Run
) -> None:
    attempt = left_behind(open_shop["lantern"], method=card)
    [spec] = ask_about_payment(PaymentUnknown(order_id=attempt.order_id, attempt_id=attempt.pk))
    before = session()

    assert run(spec).state == "done"
    assert session() == before


def session() -> int:
    """PostgreSQL's name for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_while_the_provider_is_away_the_worker_comes_back(open_shop: Shop, bank: Sandbox) -> None:
    attempt = left_behind(open_shop["lantern"])
    bank.fault("payment", mode="503")
    try:
        with pytest.raises(Snooze):
            settle_payment(attempt_id=attempt.pk)
    finally:
        bank.fault("payment", mode="ok")
    settle_payment(attempt_id=attempt.pk)

    assert Order.objects.get().state == "paid"


def test_a_decline_found_by_a_worker_is_told_and_one_the_checkout_shows_is_not(
    open_shop: Shop, bank: Sandbox
) -> None:
    attempt = left_behind(open_shop["lantern"], method="pm_card_chargeDeclined", seconds=5)
    paying.pay(attempt_id=attempt.pk, method=attempt.method)
    attempt.refresh_from_db()
    hear_of_payment(provider_ref=attempt.provider_ref)
    assert not Event.objects.filter(type="orders.payment_failed").exists()

    settle_payment(attempt_id=attempt.pk)
    assert Event.objects.filter(type="orders.payment_failed").count() == 1
    assert Order.objects.get().can_pay_again
