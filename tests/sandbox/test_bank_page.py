"""3-D Secure, played: nothing is charged before the customer has answered the bank."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import stripe

from tests.rig.running_sandbox import Sandbox

BACK = "https://shop.example/back/?token=t"
CARD = "pm_card_authenticationRequired"


def asking(sandbox: Sandbox, order: str, method: str = CARD, **more: str) -> Any:
    """An intent whose owner has to go to the bank."""
    intent = sandbox.payments.payment_intents.create(
        {"amount": 3800, "currency": "eur", "metadata": {"order": order}}
    )
    return sandbox.payments.payment_intents.confirm(intent.id, {"payment_method": method, **more})


def page_of(intent: Any) -> str:
    return str(intent.next_action.redirect_to_url.url)


def answer(intent: Any, what: str) -> requests.Response:
    return requests.post(page_of(intent), {"answer": what}, allow_redirects=False, timeout=9)


def status(sandbox: Sandbox, intent: Any) -> str:
    return str(sandbox.payments.payment_intents.retrieve(intent.id).status)


def test_a_card_that_asks_charges_nothing_and_names_the_banks_page(
    sandbox: Sandbox, order: str
) -> None:
    intent = asking(sandbox, order, return_url=BACK)
    page = requests.get(page_of(intent), timeout=9)

    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert "€38.00" in page.text
    assert order in page.text
    assert sandbox.entries("payment", order) == []
    assert "form-action 'self' https://shop.example" in page.headers["Content-Security-Policy"]


def test_approved_it_is_charged_once_and_leads_back(sandbox: Sandbox, order: str) -> None:
    intent = asking(sandbox, order, return_url=BACK)
    first, _again = (answer(intent, "approve") for _ in range(2))
    there = urlsplit(first.headers["Location"])

    assert parse_qs(there.query)["token"] == ["t"]
    assert parse_qs(there.query)["redirect_status"] == ["succeeded"]
    assert status(sandbox, intent) == "succeeded"
    assert sandbox.entries("payment", order) == [("charge", 1, 0, 0)]


@pytest.mark.parametrize(
    ("method", "what", "code"),
    [
        (CARD, "decline", "payment_intent_authentication_failure"),
        (f"{CARD}ChargeDeclinedInsufficientFunds", "approve", "card_declined"),
    ],
)
def test_what_is_declined_may_be_tried_again(
    sandbox: Sandbox, order: str, method: str, what: str, code: str
) -> None:
    intent = asking(sandbox, order, method, return_url=BACK)
    back = answer(intent, what).headers["Location"]

    found = sandbox.payments.payment_intents.retrieve(intent.id)
    assert (found.status, found.last_payment_error.code) == ("requires_payment_method", code)
    assert "redirect_status=failed" in back


def test_what_was_called_off_cannot_be_approved(sandbox: Sandbox, order: str) -> None:
    intent = asking(sandbox, order, return_url=BACK)
    page = page_of(intent)
    sandbox.payments.payment_intents.cancel(intent.id)
    requests.post(page, {"answer": "approve"}, timeout=9)

    assert "called this off" in requests.get(page, timeout=9).text
    assert status(sandbox, intent) == "canceled"
    assert sandbox.entries("payment", order) == []


def test_without_a_return_address_a_browser_script_would_be_needed(
    sandbox: Sandbox, order: str
) -> None:
    assert asking(sandbox, order).next_action.type == "use_stripe_sdk"


@pytest.mark.parametrize("query", ["", "?client_secret=", "?client_secret=%C3%BC"])
def test_nobody_answers_without_the_secret(sandbox: Sandbox, order: str, query: str) -> None:
    page = page_of(asking(sandbox, order, return_url=BACK)).partition("?")[0]

    assert requests.get(page + query, timeout=9).status_code == 404
    assert requests.get(f"{sandbox.url}/bank/pi_0{query}", timeout=9).status_code == 404


def test_another_page_cannot_answer_for_the_customer(sandbox: Sandbox, order: str) -> None:
    intent = asking(sandbox, order, return_url=BACK)
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    told = requests.post(page_of(intent), {"answer": "approve"}, headers=foreign, timeout=9)

    assert told.status_code == 403
    assert status(sandbox, intent) == "requires_action"


def test_it_is_told_by_webhook_that_the_bank_asks(sandbox: Sandbox, order: str) -> None:
    intent = asking(sandbox, order, return_url=BACK)
    told = sandbox.payments.events.list({"type": "payment_intent.requires_action", "limit": 5})

    assert intent.id in {event.data.object["id"] for event in told.data}


def test_a_bank_page_that_is_waited_for_cannot_be_confirmed_again(
    sandbox: Sandbox, order: str
) -> None:
    intent = asking(sandbox, order, return_url=BACK)

    with pytest.raises(stripe.InvalidRequestError, match="requires_action"):
        sandbox.payments.payment_intents.confirm(intent.id, {"payment_method": CARD})
