"""A payment is either begun or given up: whoever comes second finds the door closed."""

import pytest
from django.core.management import call_command

from deferral.models import Event
from orders import services
from orders.models import Order, PaymentAttempt
from orders.payments import paying, pursuing
from shop.checkout import place
from tests.rig.running_sandbox import Sandbox
from tests.rig.running_shop import draft


@pytest.fixture
def attempt(transactional_db: None, sandbox: Sandbox) -> PaymentAttempt:
    """Placed, and the web process has not come to charging it yet."""
    call_command("seed", verbosity=0)
    _, found, _ = place(draft(tickets=1, email="slow@example.org"))
    return found


def charges(sandbox: Sandbox, attempt: PaymentAttempt) -> list[tuple[str, int, int, int]]:
    rows = sandbox.entries("payment", attempt.order.number)
    return [row for row in rows if row[0] == "charge"]


def test_a_payment_given_up_is_never_charged_later(
    attempt: PaymentAttempt, sandbox: Sandbox
) -> None:
    asked = pursuing.ask_provider(attempt_id=attempt.pk)
    paid = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")

    assert asked is not None
    assert (asked.outcome, paid.outcome) == ("failed", "failed")
    assert charges(sandbox, attempt) == []


def test_a_payment_begun_is_not_given_up(attempt: PaymentAttempt, sandbox: Sandbox) -> None:
    paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    asked = pursuing.ask_provider(attempt_id=attempt.pk)

    assert asked is not None
    assert asked.outcome == "captured"
    assert charges(sandbox, attempt) == [("charge", 1, 0, 0)]


def test_an_order_paid_twice_announces_it_once(attempt: PaymentAttempt) -> None:
    settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    for _ in range(2):
        services.mark_paid(attempt_id=attempt.pk, settlement=settlement)

    assert Event.objects.filter(type="orders.order_paid").count() == 1
    assert Order.objects.get().state == "paid"
