"""One key, one outcome."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from tests.rig.running_sandbox import Sandbox


def create(sandbox: Sandbox, order: str, key: str, cents: int = 700) -> Any:
    return sandbox.payments.payment_intents.create(
        {"amount": cents, "currency": "usd", "metadata": {"order": order}}, {"idempotency_key": key}
    )


def confirm(sandbox: Sandbox, name: str, key: str, method: str = "pm_card_visa") -> Any:
    return sandbox.payments.payment_intents.confirm(
        name, {"payment_method": method}, {"idempotency_key": key}
    )


def test_a_repeat_is_answered_like_the_first_time(sandbox: Sandbox, order: str) -> None:
    intent = create(sandbox, order, f"c:{order}")
    first, second = (confirm(sandbox, intent.id, f"p:{order}") for _ in range(2))

    assert first == second
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert sandbox.entries("payment", order) == [("charge", 1, 1, 0)]


def test_a_decline_is_repeated_as_a_decline(sandbox: Sandbox, order: str) -> None:
    intent = create(sandbox, order, f"c:{order}")
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            confirm(sandbox, intent.id, f"p:{order}", "pm_card_chargeDeclined")

    assert sandbox.entries("payment", order) == [("charge", 0, 1, 1)]


def test_a_lost_reply_is_found_again_by_its_key(sandbox: Sandbox, order: str) -> None:
    intent = create(sandbox, order, f"c:{order}")
    sandbox.fault("payment", mode="lost-reply")
    try:
        with pytest.raises(stripe.APIConnectionError):
            confirm(sandbox, intent.id, f"p:{order}", "pm_card_visa")
    finally:
        sandbox.fault("payment", mode="ok")

    assert confirm(sandbox, intent.id, f"p:{order}", "pm_card_visa").status == "succeeded"
    assert sandbox.entries("payment", order) == [("charge", 1, 1, 0)]


def test_a_500_is_remembered_under_its_key_and_another_key_works(
    sandbox: Sandbox, order: str
) -> None:
    intent = create(sandbox, order, f"c:{order}")
    sandbox.fault("payment", mode="500")
    with pytest.raises(stripe.APIError):
        confirm(sandbox, intent.id, f"p:{order}", "pm_card_visa")
    sandbox.fault("payment", mode="ok")
    with pytest.raises(stripe.APIError) as again:
        confirm(sandbox, intent.id, f"p:{order}", "pm_card_visa")

    assert (again.value.headers or {})["Idempotent-Replayed"] == "true"
    assert confirm(sandbox, intent.id, f"q:{order}", "pm_card_visa").status == "succeeded"


def test_a_key_with_other_parameters_is_an_error(sandbox: Sandbox, order: str) -> None:
    create(sandbox, order, f"c:{order}")

    with pytest.raises(stripe.IdempotencyError, match="parameters"):
        create(sandbox, order, f"c:{order}", cents=701)


def test_a_key_at_another_address_is_an_error(sandbox: Sandbox, order: str) -> None:
    intent = create(sandbox, order, f"c:{order}")

    with pytest.raises(stripe.IdempotencyError, match="endpoint"):
        confirm(sandbox, intent.id, f"c:{order}")


def test_a_request_that_failed_validation_leaves_its_key_free(sandbox: Sandbox, order: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(sandbox, order, f"c:{order}", cents=0)

    assert create(sandbox, order, f"c:{order}").amount == 700


def test_eight_creates_at_once_with_one_key_make_one_intent(sandbox: Sandbox, order: str) -> None:
    def attempt(_: int) -> str:
        return str(create(sandbox, order, f"c:{order}").id)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(attempt, range(8)))) == 1


def test_a_key_that_still_runs_is_in_use(article: Sandbox, order: str) -> None:
    intent = create(article, order, f"c:{order}")

    def attempt(_: int) -> Any:
        try:
            return confirm(article, intent.id, f"p:{order}").status
        except stripe.StripeError as error:
            return error.http_status, error.error and error.error.code

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(attempt, range(3)))
    assert sorted(answers, key=str) == [(409, "idempotency_key_in_use")] * 2 + ["succeeded"]
    assert article.entries("payment", order) == [("charge", 1, 2, 0)]


def test_two_keys_at_once_charge_one_intent_once(sandbox: Sandbox, order: str) -> None:
    intent = create(sandbox, order, f"c:{order}")

    def attempt(number: int) -> str:
        try:
            return str(confirm(sandbox, intent.id, f"p{number}:{order}").status)
        except stripe.InvalidRequestError as error:
            return str(error.code)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(attempt, range(6)))
    assert sorted(answers) == ["payment_intent_unexpected_state"] * 5 + ["succeeded"]
