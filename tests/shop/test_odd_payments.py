"""A provider that answers oddly while somebody pays: no page breaks, and no money is made up."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Snooze
from deferral.models import Event
from orders import services
from orders.models import Order, PaymentAttempt
from orders.payments.provider import gateway
from shop.checkout import record_outcome
from shop.models import Product
from shop.settlement import hear_of_payment, settle_payment
from tests.orders.odd_answers import LONG, an_intent
from tests.orders.stand_in_provider import StandIn, playing_provider
from tests.shop.buying import buy, fill_cart, left_of

pytestmark = pytest.mark.exhaustive
Shop = dict[str, Product]
CREATE, CONFIRM = "POST /payment_intents", "POST /payment_intents/{id}/confirm"
RETRIEVE = "GET /payment_intents/{id}"
NEW = an_intent(status="requires_payment_method", amount_received=0, latest_charge=None)
# A lantern walk.
CENTS = 1_400


@pytest.fixture
def provider(settings: Settings) -> Iterator[StandIn]:
    """It names payments; what else it says is each test's."""
    with playing_provider() as found:
        settings.PAYMENT_API_BASE, settings.PAYMENT_TEST_METHODS = found.address, True
        gateway.client.cache_clear()
        found.says(CREATE, 200, NEW)
        yield found
    gateway.client.cache_clear()


@pytest.fixture
def full(open_shop: Shop, customer: Client) -> Product:
    """One lantern walk is in the cart."""
    fill_cart(customer, lantern_walk=1)
    return open_shop["lantern-walk"]


def is_paid() -> bool:
    """Whether anything was booked or announced."""
    booked = PaymentAttempt.objects.filter(state__in=["captured", "refunded"]).exists()
    return booked or Event.objects.filter(type="orders.order_paid").exists()


def attempt_of(provider: StandIn, customer: Client, **intent: Any) -> PaymentAttempt:
    """What is left after the provider has said so to the checkout, and to whoever asks later."""
    for call in (CONFIRM, RETRIEVE):
        provider.says(call, 200, an_intent(**intent))
    buy(customer)
    return PaymentAttempt.objects.select_related("order").get()


@pytest.mark.parametrize(
    ("status", "body", "state", "shown"),
    [
        (503, {"error": "text"}, "payment_unknown", 303),
        (402, {"error": "text"}, "payment_unknown", 303),
        (200, b"<html>Maintenance</html>", "payment_unknown", 303),
        (200, [], "payment_unknown", 303),
        (200, an_intent(status="requires_action"), "payment_unknown", 303),
        (200, an_intent(status="processing"), "payment_unknown", 303),
        (302, b"", "payment_unknown", 303),
        (400, {"error": {"type": "invalid_request_error"}}, "payment_failed", 502),
        (402, {"error": {"type": "card_error", "message": LONG}}, "payment_failed", 402),
        (402, {"error": {"type": "card_error", "message": "\x00 \ud83d"}}, "payment_failed", 402),
    ],
)
def test_no_answer_breaks_the_checkout_and_none_is_taken_for_money(
    provider: StandIn,
    full: Product,
    customer: Client,
    status: int,
    body: Any,
    state: str,
    shown: int,
) -> None:
    provider.says(CONFIRM, status, body, Location="/v1/elsewhere")

    assert (buy(customer).status_code, Order.objects.get().state) == (shown, state)
    assert not is_paid()
    order = Order.objects.get()
    assert customer.get(f"/orders/{order.number}/?token={order.link_token}").status_code == 200


@pytest.mark.parametrize(
    ("intent", "misfit"),
    [
        ({"amount_received": CENTS - 1}, "1399 cents were captured where 1400 were asked for"),
        ({"amount_received": 0}, "0 cents were captured where 1400 were asked for"),
        ({"currency": "usd"}, "usd was captured where eur was asked for"),
        ({"metadata": {"order": "H-1-of-another"}}, "the payment is for H-1-of-another"),
    ],
)
def test_other_money_than_was_asked_for_is_not_booked_and_a_person_has_to_look(
    provider: StandIn, full: Product, customer: Client, intent: dict[str, Any], misfit: str
) -> None:
    attempt = attempt_of(provider, customer, **{"amount_received": CENTS, **intent})
    kept = left_of(full)
    assert (attempt.order.state, attempt.reason) == ("payment_unknown", misfit)

    with pytest.raises(Bury, match=misfit):
        settle_payment(attempt_id=attempt.pk)
    with pytest.raises(Bury, match=misfit):
        hear_of_payment(**NAMED)
    assert not is_paid()
    assert left_of(full) == kept


def test_money_for_another_order_of_the_same_number_is_not_booked(
    provider: StandIn, full: Product, customer: Client
) -> None:
    """Numbers come again after a restore; references do not."""
    attempt = attempt_of(provider, customer, amount_received=1)
    metadata = {"order": attempt.order.number}
    provider.says(RETRIEVE, 200, an_intent(amount_received=CENTS, metadata=metadata))

    with pytest.raises(Bury, match=f"the payment is for {attempt.order.number}"):
        settle_payment(attempt_id=attempt.pk)
    assert not is_paid()


NAMED = {"provider_ref": "pi_odd"}


def test_when_it_is_the_right_money_after_all_the_order_is_paid(
    provider: StandIn, full: Product, customer: Client
) -> None:
    attempt = attempt_of(provider, customer, amount_received=1)
    metadata = {"order": attempt.order.reference}
    provider.says(RETRIEVE, 200, an_intent(amount_received=CENTS, metadata=metadata))
    settle_payment(attempt_id=attempt.pk)

    assert (Order.objects.get().state, is_paid()) == ("paid", True)


def test_other_money_that_comes_late_does_not_go_back_by_itself(
    provider: StandIn, full: Product, customer: Client
) -> None:
    attempt = attempt_of(provider, customer, status="processing")
    failed = gateway.Settlement(outcome="failed", reason="Given up.")
    record_outcome(attempt_id=attempt.pk, settlement=failed)
    provider.says(RETRIEVE, 200, an_intent(amount_received=CENTS + 1))
    with pytest.raises(Bury):
        hear_of_payment(**NAMED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.reason, attempt.refunds.count()) == ("failed", "Given up.", 0)


def test_what_went_back_before_we_knew_is_recorded_with_it(
    provider: StandIn, full: Product, customer: Client
) -> None:
    attempt = attempt_of(provider, customer, status="processing")
    charge = {"paid": True, "captured": True, "amount_refunded": CENTS}
    provider.says(RETRIEVE, 200, an_intent(amount_received=CENTS, latest_charge=charge))
    refund = {"id": "re_1", "amount": CENTS, "status": "succeeded", "payment_intent": "pi_odd"}
    provider.says("GET /refunds", 200, {"object": "list", "data": [refund], "has_more": False})
    settle_payment(attempt_id=attempt.pk)

    assert Order.objects.get().state == "refunded"


def test_a_payment_that_is_not_over_is_asked_about_and_nothing_else(
    provider: StandIn, full: Product, customer: Client
) -> None:
    attempt = attempt_of(provider, customer, status="requires_capture")
    for _ in range(2):
        with pytest.raises(Snooze):
            settle_payment(attempt_id=attempt.pk)

    assert services.mark_unknown(attempt_id=attempt.pk).state == "payment_unknown"
    assert not is_paid()
