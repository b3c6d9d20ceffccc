"""What a customer does on the bank's page, and what the provider tells meanwhile."""

from typing import Any

import requests

from orders.models import Order, PaymentAttempt
from orders.payments.provider import gateway
from tests.rig.running_sandbox import Sandbox

ASKS = "pm_card_authenticationRequired"


def page_of(order: Order) -> str:
    """The bank's page of the order's last attempt, as the provider names it."""
    found = gateway.ask(last_of(order).provider_ref)
    assert found is not None
    return found.url


def answers(order: Order, what: str) -> str:
    """Approve or decline; where the bank sends its customer then, without the shop's origin."""
    return press(page_of(order), what)


def press(page: str, what: str) -> str:
    """The same on a page that was left open."""
    sent = requests.post(page, {"answer": what}, allow_redirects=False, timeout=9)
    return sent.headers["Location"].partition("://")[2].partition("/")[2]


def last_of(order: Order) -> PaymentAttempt:
    """The attempt that counts."""
    attempt = order.payments.last()
    assert attempt is not None
    return attempt


def status_of(bank: Sandbox, attempt: PaymentAttempt) -> str:
    """As the provider has it."""
    intent: Any = bank.payments.payment_intents.retrieve(attempt.provider_ref)
    return str(intent.status)
