"""Refunds that do not simply succeed: they fail at once, stay pending, or come back."""

import time
from typing import Any

import pytest
import requests
import stripe

from tests.rig.running_sandbox import Sandbox
from tests.sandbox.test_payment_provider import pay


def made(sandbox: Sandbox, order: str, mode: str) -> Any:
    """A refund of a new payment, made while the provider is so."""
    paid = pay(sandbox, order)
    sandbox.fault("payment", mode=mode)
    refund = sandbox.payments.refunds.create(
        {"payment_intent": paid.id}, {"idempotency_key": f"refund:{order}"}
    )
    sandbox.fault("payment", mode="ok")
    return refund


def ended(sandbox: Sandbox, refund: Any) -> Any:
    """The same when it has turned."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = sandbox.payments.refunds.retrieve(refund.id)
        if found.status != refund.status:
            return found
        time.sleep(0.05)
    message = f"it stayed {refund.status}"
    raise AssertionError(message)


def tales_of(sandbox: Sandbox, refund: Any) -> list[str]:
    """The events about it, the first one first."""
    events = sandbox.payments.events.list({"limit": 100}).data
    return [one.type for one in reversed(events) if one.data.object.id == refund.id]


def test_a_refund_may_fail_at_once_and_takes_nothing(sandbox: Sandbox, order: str) -> None:
    refund = made(sandbox, order, "refund-fails")
    assert (refund.status, refund.failure_reason) == ("failed", "expired_or_canceled_card")
    assert tales_of(sandbox, refund) == ["refund.created", "refund.failed"]

    sandbox.payments.refunds.create({"payment_intent": refund.payment_intent})
    assert ("refund", 1, 0, 0) in sandbox.entries("payment", order)


@pytest.mark.parametrize(
    ("mode", "first", "last"),
    [
        ("refund-pending", "pending", "succeeded"),
        ("refund-pending-fails", "pending", "failed"),
        ("refund-comes-back", "succeeded", "failed"),
    ],
)
def test_a_refund_may_end_later_and_that_is_told(
    sandbox: Sandbox, order: str, mode: str, first: str, last: str
) -> None:
    refund = made(sandbox, order, mode)
    assert refund.status == first

    assert ended(sandbox, refund).status == last
    tales = ["refund.created", "refund.updated", "charge.refund.updated"]
    assert tales_of(sandbox, refund) == tales + ["refund.failed"] * (last == "failed")


def test_money_that_came_back_can_be_sent_again(sandbox: Sandbox, order: str) -> None:
    refund = made(sandbox, order, "refund-comes-back")
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        sandbox.payments.refunds.create({"payment_intent": refund.payment_intent})

    ended(sandbox, refund)
    sandbox.payments.refunds.create({"payment_intent": refund.payment_intent})
    assert ("refund that came back", 1, 0, 0) in sandbox.entries("payment", order)


def test_only_the_payment_provider_knows_refunds(sandbox: Sandbox) -> None:
    assert sandbox.fault("crm", mode="refund-fails").status_code == 400
    page = requests.get(sandbox.url, timeout=10).text
    assert page.count('value="refund-comes-back"') == 1
