"""How external services fail when they are told to."""

import smtplib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe

from tests.rig.running_sandbox import Sandbox
from tests.sandbox.test_payment_provider import new_intent, pay
from tests.sandbox.test_service_mail import message, send


@pytest.fixture(autouse=True)
def healed(sandbox: Sandbox) -> Any:
    yield
    for service in ("warehouse", "mail", "payment"):
        assert sandbox.fault(service, mode="ok").status_code == 200


@pytest.mark.parametrize("status", [503, 500, 400, 410])
def test_a_refusal_accepts_nothing(sandbox: Sandbox, order: str, status: int) -> None:
    sandbox.fault("warehouse", mode=str(status))
    assert sandbox.reserve(order, f"r:{order}").status_code == status
    assert sandbox.reserve(order, f"r:{order}", "print-room").status_code == 201
    assert sandbox.entries("warehouse", order) == [("reservation", 0, 0, 1)]

    sandbox.fault("warehouse", mode="ok")
    assert sandbox.reserve(order, f"r:{order}").status_code == 201
    assert sandbox.entries("warehouse", order) == [("reservation", 1, 0, 1)]


@pytest.mark.parametrize(("mode", "accepted"), [("lost-reply", 1), ("reset", 0)])
def test_a_dropped_connection_may_have_been_accepted(
    sandbox: Sandbox, order: str, mode: str, accepted: int
) -> None:
    sandbox.fault("warehouse", mode=mode)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        sandbox.reserve(order, f"r:{order}")

    assert len(sandbox.entries("warehouse", order)) == accepted
    sandbox.fault("warehouse", mode="ok")
    sandbox.reserve(order, f"r:{order}")
    assert sandbox.entries("warehouse", order) == [("reservation", 1, accepted, 0)]


def test_who_hangs_never_answers_and_accepts_nothing(sandbox: Sandbox, order: str) -> None:
    sandbox.fault("warehouse", mode="hang")
    with pytest.raises(requests.ReadTimeout):
        sandbox.reserve(order, f"r:{order}", timeout=0.3)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sandbox.reserve, order, f"r:{order}")
        time.sleep(0.2)
        sandbox.fault("warehouse", mode="ok")
        assert isinstance(waiting.exception(timeout=1), requests.ConnectionError)
    assert sandbox.entries("warehouse", order) == []


def test_who_is_slow_accepts_although_the_client_left(own_sandbox: Sandbox) -> None:
    for service in ("warehouse", "mail"):
        own_sandbox.fault(service, mode="slow", seconds=1)
    started = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        own_sandbox.reserve("H-1", "r", timeout=0.3)
    server = smtplib.SMTP("127.0.0.1", own_sandbox.smtp_port, timeout=0.3)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        server.send_message(message("H-1"))

    assert own_sandbox.entries("warehouse", "H-1") == own_sandbox.entries("mail", "H-1") == []
    assert pay(own_sandbox, "H-1", method="pm_sandbox_slowBank").status == "succeeded"
    assert time.monotonic() - started >= 5
    assert own_sandbox.entries("warehouse", "H-1") == [("reservation", 1, 0, 0)]
    assert [row[1:] for row in own_sandbox.entries("mail", "H-1")] == [(1, 0, 0)]


def test_a_rate_strikes_some_requests_only(sandbox: Sandbox, order: str) -> None:
    sandbox.fault("warehouse", mode="503", rate=50)
    answers = [sandbox.reserve(order, f"{n}:{order}").status_code for n in range(60)]

    assert 10 < answers.count(503) < 50
    assert answers.count(503) + answers.count(201) == 60


def test_a_fault_ends_by_itself(sandbox: Sandbox, order: str) -> None:
    sandbox.fault("warehouse", mode="503", seconds=0.4)
    assert sandbox.reserve(order, "r:" + order).status_code == 503
    assert 0 < sandbox.get("/faults.json")["warehouse"]["seconds"] <= 0.4

    time.sleep(0.45)
    assert sandbox.get("/faults.json")["warehouse"]["mode"] == "ok"
    assert sandbox.reserve(order, "r:" + order).status_code == 201


@pytest.mark.parametrize(("mode", "code"), [("503", 451), ("500", 451), ("400", 550), ("410", 550)])
def test_mail_refuses_in_its_own_words(sandbox: Sandbox, order: str, mode: str, code: int) -> None:
    sandbox.fault("mail", mode=mode)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(sandbox, message(order))

    assert refusal.value.smtp_code == code
    assert [row[1:] for row in sandbox.entries("mail", order)] == [(0, 0, 1)]


@pytest.mark.parametrize(("mode", "accepted"), [("lost-reply", 1), ("reset", 0)])
def test_mail_loses_connections_too(sandbox: Sandbox, order: str, mode: str, accepted: int) -> None:
    sandbox.fault("mail", mode=mode)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(sandbox, message(order))

    assert len(sandbox.mails(f"{order}@example.com")) == accepted


def test_the_payment_provider_fails_in_its_own_words(sandbox: Sandbox, order: str) -> None:
    intent = new_intent(sandbox, order)
    confirm = sandbox.payments.payment_intents.confirm
    key: Any = {"idempotency_key": f"p:{order}"}

    sandbox.fault("payment", mode="503")
    with pytest.raises(stripe.APIError, match="in trouble"):
        confirm(intent.id, {"payment_method": "pm_card_visa"}, key)
    sandbox.fault("payment", mode="lost-reply")
    with pytest.raises(stripe.APIConnectionError):
        confirm(intent.id, {"payment_method": "pm_card_visa"}, key)
    sandbox.fault("payment", mode="ok")
    assert confirm(intent.id, {"payment_method": "pm_card_visa"}, key).status == "succeeded"
    assert sandbox.entries("payment", order) == [("charge", 1, 1, 1)]


def test_reading_from_the_payment_provider_fails_too(sandbox: Sandbox, order: str) -> None:
    paid = pay(sandbox, order)
    sandbox.fault("payment", mode="503")

    with pytest.raises(stripe.APIError):
        sandbox.payments.payment_intents.retrieve(paid.id)
