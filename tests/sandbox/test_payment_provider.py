"""The payment provider, asked by the real Stripe SDK."""

from typing import Any

import pytest
import stripe

from tests.rig.running_sandbox import PAYMENT_KEY, Sandbox


def new_intent(sandbox: Sandbox, order: str, cents: int = 1200) -> Any:
    return sandbox.payments.payment_intents.create(
        {"amount": cents, "currency": "usd", "metadata": {"order": order}}
    )


def pay(sandbox: Sandbox, order: str, key: str = "", method: str = "pm_card_visa") -> Any:
    intent = new_intent(sandbox, order)
    return sandbox.payments.payment_intents.confirm(
        intent.id, {"payment_method": method}, {"idempotency_key": key or f"charge:{order}"}
    )


def test_a_card_is_charged_and_entered_in_the_ledger(sandbox: Sandbox, order: str) -> None:
    paid = pay(sandbox, order)

    again = sandbox.payments.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]})
    assert (again.status, again.amount_received) == ("succeeded", 1200)
    assert again.latest_charge.payment_method_details.card.last4 == "4242"
    [row] = sandbox.get(f"/ledger.json?order={order}")["payment"]
    assert (row["key"], row["effect"], row["accepted"]) == (f"charge:{order}", "charge", 1)


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
def test_a_decline_says_why(
    sandbox: Sandbox, order: str, method: str, code: str, decline_code: str
) -> None:
    refusal: Any
    with pytest.raises(stripe.CardError) as refusal:
        pay(sandbox, order, method=method)

    error = refusal.value.error
    assert (refusal.value.http_status, error.code, error.decline_code) == (402, code, decline_code)
    assert error.payment_intent.status == "requires_payment_method"
    assert sandbox.entries("payment", order) == [("charge", 0, 0, 1)]


def test_a_declined_intent_can_be_paid_with_another_card(sandbox: Sandbox, order: str) -> None:
    refusal: Any
    with pytest.raises(stripe.CardError) as refusal:
        pay(sandbox, order, method="pm_card_chargeDeclined")

    paid = sandbox.payments.payment_intents.confirm(
        refusal.value.error.payment_intent.id, {"payment_method": "pm_card_mastercard"}
    )
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


def test_a_lost_reply_leaves_the_charge_behind(sandbox: Sandbox, order: str) -> None:
    with pytest.raises(stripe.APIConnectionError):
        pay(sandbox, order, method="pm_sandbox_replyLost")

    assert sandbox.entries("payment", order) == [("charge", 1, 0, 0)]


def test_create_can_confirm_at_once(sandbox: Sandbox, order: str) -> None:
    paid = sandbox.payments.payment_intents.create(
        {
            "amount": 500,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "metadata": {"order": order},
        }
    )
    assert paid.status == "succeeded"
    assert sandbox.entries("payment", order) == [("charge", 1, 0, 0)]


@pytest.mark.parametrize("wrong", [{"payment_method": ""}, {"expand": ["nothing"]}])
def test_what_fails_half_way_leaves_nothing(sandbox: Sandbox, order: str, wrong: Any) -> None:
    params = {"amount": 50, "currency": "eur", "confirm": True, "metadata": {"order": order}}
    intents = sandbox.payments.payment_intents
    with pytest.raises(stripe.InvalidRequestError):
        intents.create(params | {"payment_method": "pm_card_visa"} | wrong)

    assert intents.search({"query": f"metadata['order']:'{order}'"}).data == []
    assert sandbox.entries("payment", order) == [("charge", 0, 0, 1)]


def test_a_cancelled_intent_takes_no_money(sandbox: Sandbox, order: str) -> None:
    intent = new_intent(sandbox, order)
    assert sandbox.payments.payment_intents.cancel(intent.id).status == "canceled"

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sandbox.payments.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_a_paid_intent_is_not_charged_twice(sandbox: Sandbox, order: str) -> None:
    paid = pay(sandbox, order)

    intents = sandbox.payments.payment_intents
    for change in (intents.confirm, intents.cancel):
        with pytest.raises(stripe.InvalidRequestError, match="succeeded"):
            change(paid.id)
    assert sandbox.entries("payment", order)[0] == ("charge", 1, 0, 0)


def test_refunds_stop_at_what_was_paid(sandbox: Sandbox, order: str) -> None:
    paid = pay(sandbox, order)
    refunds = sandbox.payments.refunds

    assert refunds.create({"payment_intent": paid.id, "amount": 500}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        refunds.create({"payment_intent": paid.id, "amount": 701})
    assert refunds.create({"payment_intent": paid.id}).amount == 700
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        refunds.create({"payment_intent": paid.id})


def test_a_refund_without_its_own_metadata_belongs_to_the_order(
    sandbox: Sandbox, order: str
) -> None:
    paid = pay(sandbox, order)
    sandbox.payments.refunds.create({"payment_intent": paid.id})

    assert ("refund", 1, 0, 0) in sandbox.entries("payment", order)


def test_an_unknown_key_is_refused(sandbox: Sandbox) -> None:
    address: Any = {"api": f"{sandbox.url}/payment"}
    service = stripe.StripeClient(PAYMENT_KEY + "x", base_addresses=address)

    with pytest.raises(stripe.AuthenticationError):
        service.v1.events.list()
