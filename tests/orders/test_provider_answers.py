"""Whatever the payment provider answers is classed, and nothing is booked that is not so."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from orders.errors import PaymentUnavailable
from orders.payments.provider import gateway, refunds
from orders.payments.provider.settlements import Settlement
from orders.payments.reconciliation.charges import charges
from tests.orders.odd_answers import LONG, ODD, an_intent
from tests.orders.stand_in_provider import CASES, StandIn, playing_provider
from tests.rig.depth import THOROUGH

pytestmark = pytest.mark.exhaustive
CREATE, CONFIRM = "POST /payment_intents", "POST /payment_intents/{id}/confirm"
RETRIEVE, CANCEL = "GET /payment_intents/{id}", "POST /payment_intents/{id}/cancel"
STATUSES = [200, 302, 400, 402, 409, 429, 500, 503] if THOROUGH else [200, 302, 402, 503]
NOW = datetime.now(UTC)
DAY = {"since": NOW - timedelta(days=1), "until": NOW}
REFUND: dict[str, Any] = {"key": "k", "ref": "pi_odd", "order": "H-1", "amount_cents": 700}
MONEY: dict[str, Any] = {"amount_cents": 4_090, "currency": "eur"}
CALLS: dict[str, Callable[[], Any]] = {
    CREATE: lambda: gateway.create(key="k", order="H-1-x", number="H-1", **MONEY),
    CONFIRM: lambda: gateway.confirm(key="k", ref="pi_odd", method="pm_1"),
    RETRIEVE: lambda: gateway.ask("pi_odd"),
    CANCEL: lambda: gateway.call_off(key="k", ref="pi_odd"),
    "POST /refunds": lambda: refunds.refund(**REFUND),
    "GET /refunds": lambda: refunds.refunds_of("pi_odd"),
    "GET /charges": lambda: list(charges(**DAY)),
}


@pytest.fixture(scope="module")
def _playing() -> Iterator[StandIn]:
    with playing_provider() as provider:
        yield provider


@pytest.fixture
def provider(_playing: StandIn, settings: Settings) -> Iterator[StandIn]:
    """Where the shop looks for it."""
    settings.PAYMENT_API_BASE = _playing.address
    gateway.client.cache_clear()
    yield _playing
    _playing.answers.clear()
    gateway.client.cache_clear()


def answered(call: str) -> Any:
    """What the gateway makes of it, or that it makes nothing of it."""
    try:
        return CALLS[call]()
    except PaymentUnavailable as error:
        return error


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", STATUSES)
def test_nonsense_is_no_answer_and_books_nothing(provider: StandIn, call: str, status: int) -> None:
    for body in ODD.values():
        provider.says(call, status, body, Location="/v1/elsewhere", Retry_After="9" * 400)
        made = answered(call)
        certain = isinstance(made, Settlement) and made.outcome != "unknown"
        assert not certain, "nobody has said that anything was charged, or was not"
        assert made is None or isinstance(made, Settlement | PaymentUnavailable), body[:80]
    assert "/elsewhere" not in str(provider.asked), "a redirect leads nowhere"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "captured"),
        ({"id": "pi_of_another"}, None),
        ({"status": "processing"}, None),
        ({"status": "requires_action"}, None),
        ({"status": "requires_confirmation"}, None),
        ({"status": "requires_capture"}, None),
        ({"status": "requires_payment_method"}, None),
        ({"status": "settled"}, None),
        ({"status": ["succeeded"]}, None),
        ({"status": "succeeded\u0000"}, None),
        ({"status": "canceled", "amount_received": 0}, "failed"),
        ({"status": "canceled"}, None),
        ({"amount_received": None}, None),
        ({"amount_received": "4090"}, None),
        ({"amount_received": True}, None),
        ({"amount_received": 10**30}, None),
        ({"currency": 978}, None),
        ({"latest_charge": {"paid": False}}, None),
        ({"latest_charge": {"paid": True, "captured": False}}, None),
        ({"latest_charge": "ch_odd"}, "captured"),
        ({"metadata": []}, "captured"),
    ],
)
def test_a_payment_is_what_its_state_says(
    provider: StandIn, changes: dict[str, Any], outcome: str | None
) -> None:
    for call in (CONFIRM, RETRIEVE):
        provider.says(call, 200, an_intent(**changes))
    confirmed, asked = answered(CONFIRM), answered(RETRIEVE)

    assert confirmed.outcome == (outcome or "unknown")
    assert (asked.outcome if asked else None) == outcome


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Declined\x00 by bank", "Declined\N{REPLACEMENT CHARACTER} by bank"),
        ("Declined \ud83d", "Declined \N{REPLACEMENT CHARACTER}"),
        ("\u202edenilceD\u202c", "denilceD"),
        ("Declined\r\n\tby\x1b[31m bank", "Declined by\N{REPLACEMENT CHARACTER}[31m bank"),
        ("\u200b\u2060", "card declined"),
        ({"text": "Declined"}, "card declined"),
        (None, "card declined"),
        (LONG, "x" * 199 + "…"),
    ],
)
def test_a_declines_message_is_one_line_that_can_be_stored_and_read(
    provider: StandIn, message: Any, reason: str
) -> None:
    error = {"type": "card_error", "code": "card_declined", "message": message}
    provider.says(CONFIRM, 402, {"error": error})

    assert answered(CONFIRM) == Settlement(outcome="failed", ref="pi_odd", reason=reason)


@pytest.mark.parametrize(
    ("status", "kind", "intent", "outcome"),
    [
        (402, "card_error", "requires_payment_method", "failed"),
        (402, "card_error", "succeeded", "unknown"),
        (402, "card_error", "processing", "unknown"),
        (402, "api_error", None, "unknown"),
        (400, "card_error", None, "refused"),
        (400, "invalid_request_error", None, "refused"),
        (404, "invalid_request_error", None, "refused"),
        (400, "idempotency_error", None, "unknown"),
        (400, "", None, "unknown"),
        (409, "invalid_request_error", None, "unknown"),
        (500, "card_error", None, "unknown"),
    ],
)
def test_only_what_the_provider_says_itself_is_certain(
    provider: StandIn, status: int, kind: str, intent: str | None, outcome: str
) -> None:
    error = {"type": kind, "payment_intent": {"status": intent}}
    provider.says(CONFIRM, status, {"error": error})

    assert answered(CONFIRM).outcome == outcome


def test_a_connection_is_used_again_unless_its_answer_was_left_unread(provider: StandIn) -> None:
    provider.callers.clear()
    for _ in range(3):
        provider.says(RETRIEVE, 200, an_intent())
        answered(RETRIEVE)
    assert len(provider.callers) == 1

    provider.says(RETRIEVE, 200, ODD["too long"])
    answered(RETRIEVE)
    provider.says(RETRIEVE, 200, an_intent())
    assert answered(RETRIEVE).outcome == "captured"
    assert len(provider.callers) == 2


def test_two_requests_at_a_time_are_no_request_to_wait(provider: StandIn) -> None:
    error = {"type": "invalid_request_error", "code": "lock_timeout", "message": "locked"}
    provider.says(CREATE, 429, {"error": error}, Retry_After="7")
    locked = answered(CREATE)
    provider.says(CREATE, 429, {"error": error | {"code": "rate_limit"}}, Retry_After="7")
    busy = answered(CREATE)

    provider.says(CREATE, 429, b"<html>Slow down</html>", Retry_After="9")
    proxy = answered(CREATE)
    assert (proxy.retry_after, str(proxy)[:29]) == (9.0, "payment provider answered 429")
    assert (locked.retry_after, locked.answered) == (None, True)
    assert (busy.retry_after, busy.answered) == (7.0, False)


@pytest.mark.parametrize(
    "changes",
    [{"amount": 70}, {"amount": "700"}, {"payment_intent": "pi_2"}, {"amount": None}],
)
def test_a_refund_of_something_else_is_no_answer(
    provider: StandIn, changes: dict[str, Any]
) -> None:
    facts = {"id": "re_1", "object": "refund", "amount": 700, "payment_intent": "pi_odd"}
    provider.says("POST /refunds", 200, facts | {"status": "succeeded"} | changes)

    assert isinstance(answered("POST /refunds"), PaymentUnavailable)


@pytest.mark.parametrize("ids", [["re_1"], [5], [""], []])
def test_a_list_that_never_ends_is_given_up(provider: StandIn, ids: list[Any]) -> None:
    data = [{"id": one, "object": "refund", "status": "succeeded"} for one in ids]
    provider.says("GET /refunds", 200, {"object": "list", "has_more": True, "data": data})

    assert isinstance(answered("GET /refunds"), PaymentUnavailable)


def test_a_charge_that_cannot_be_read_hides_none_of_the_others(provider: StandIn) -> None:
    good: dict[str, Any] = {
        "created": 1,
        "amount": 5,
        "amount_refunded": 0,
        "payment_intent": "pi_1",
        "paid": True,
    }
    odd: list[dict[str, Any]] = [
        {"created": "today"},
        {"amount": 10**40},
        {"amount_refunded": None},
        {"created": 10**30},
    ]
    named: dict[str, Any] = {"metadata": {"order": "H-1\x00"}, "disputed": True}
    data = [*(good | {"payment_intent": "pi_odd"} | one for one in odd), 7, None, good | named]
    provider.says("GET /charges", 200, {"object": "list", "has_more": False, "data": data})

    [charge] = answered("GET /charges")
    assert (charge.ref, charge.is_disputed) == ("pi_1", True)
    assert charge.order == "H-1\N{REPLACEMENT CHARACTER}"


def test_every_answer_that_once_failed_is_classed(provider: StandIn) -> None:
    made = []
    for line in CASES.read_text().splitlines():
        case = json.loads(line)
        provider.says(case["to"], case["status"], case["body"])
        made.append(answered(case["to"]))

    assert (made[0].state, made[0].why) == ("failed", "expired or canceled card")
    assert [one.outcome for one in made[1:]] == ["failed", "unknown", "unknown"]
    assert made[1].reason == "Declined\N{REPLACEMENT CHARACTER} by bank"
