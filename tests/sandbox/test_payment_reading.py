"""What the payment provider shows, and what it does not take."""

from typing import Any

import pytest
import requests
import stripe

from tests.rig.running_sandbox import PAYMENT_KEY, Sandbox


def test_events_tell_the_story_newest_first(sandbox: Sandbox, order: str) -> None:
    intents = sandbox.payments.payment_intents
    intent = intents.create({"amount": 900, "currency": "usd", "metadata": {"order": order}})
    intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    told = [
        event
        for event in sandbox.payments.events.list({"limit": 100}).data
        if intent.id in str(event.data.object)
    ]
    assert [event.type for event in told] == [
        "payment_intent.succeeded",
        "charge.succeeded",
        "payment_intent.created",
    ]
    assert told[-1].data.object["status"] == "requires_payment_method"
    assert sandbox.payments.events.retrieve(told[0].id).type == "payment_intent.succeeded"


def test_lists_are_read_page_by_page(sandbox: Sandbox, order: str) -> None:
    intents = sandbox.payments.payment_intents
    made = [intents.create({"amount": cents, "currency": "usd"}).id for cents in (101, 102, 103)]

    newest = intents.list({"limit": 1})
    older = intents.list({"limit": 2, "starting_after": newest.data[0].id})
    assert [newest.data[0].id, *(intent.id for intent in older.data)] == made[::-1]
    assert newest.has_more
    newer = intents.list({"limit": 5, "ending_before": made[0]})
    assert [intent.id for intent in newer.data] == made[:0:-1]


def test_an_order_is_found_by_its_metadata(sandbox: Sandbox, order: str) -> None:
    intents = sandbox.payments.payment_intents
    mine = intents.create({"amount": 900, "currency": "usd", "metadata": {"order": order}})

    found = intents.search({"query": f"metadata['order']:'{order}'"})
    assert [intent.id for intent in found.data] == [mine.id]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"currency": "usd"}, "parameter_missing"),
        ({"amount": 100}, "parameter_missing"),
        ({"amount": "12.50", "currency": "usd"}, "parameter_invalid_integer"),
        ({"amount": 100_000_000, "currency": "usd"}, "parameter_invalid_integer"),
        ({"amount": 0, "currency": "usd"}, "parameter_invalid"),
        ({"amount": 49, "currency": "eur"}, "amount_too_small"),
        ({"amount": 100, "currency": "usd", "amuont": 1}, "parameter_unknown"),
        ({"amount": 100, "currency": "usd", "payment_method": "pm_x"}, "resource_missing"),
        ({"amount": 100, "currency": "usd", "metadata": "x"}, "parameter_invalid"),
        ({"amount": 100, "currency": "usd", "expand": ["nothing"]}, "parameter_invalid"),
    ],
)
def test_bad_parameters_are_named(sandbox: Sandbox, params: Any, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sandbox.payments.payment_intents.create(params)

    assert (refusal.value.http_status, refusal.value.code) == (400, code)


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"a[b]=1&a=2", b"a=1&a[b]=2", b"[]=1", b"%00=%ff", b"a" * 999_999]
)
def test_nonsense_is_answered_with_an_error(sandbox: Sandbox, body: bytes) -> None:
    answer = requests.post(
        f"{sandbox.url}/payment/v1/payment_intents",
        data=body,
        headers={"Authorization": f"Bearer {PAYMENT_KEY}"},
        timeout=5,
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "path", ["nothing", "payment_intents/%FF", "payment_intents/pi_0", "charges/x"]
)
def test_what_does_not_exist_is_404(sandbox: Sandbox, path: str) -> None:
    headers = {"Authorization": f"Bearer {PAYMENT_KEY}"}
    answer = requests.get(f"{sandbox.url}/payment/v1/{path}", headers=headers, timeout=5)

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"
