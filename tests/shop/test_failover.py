"""The database turns read-only while a card is charged: nobody is told what is not so.

Afterwards the books are right.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.functions import Now
from django.test import Client

from orders.payments.provider import gateway
from orders.payments.provider.settlements import Settlement
from shop.settlement import STALE_AFTER, settle_payment, settle_stale_payments
from tests.rig.running_sandbox import Sandbox
from tests.shop.buying import buy, order_of

pytestmark = pytest.mark.usefixtures("full_cart")


@pytest.fixture
def fails_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """While a card is charged the database turns read-only; call it to turn that back."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    confirm = gateway.confirm

    def say(verb: str, rest: str = "") -> None:
        session = connections.create_connection("default")
        with session.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f"ALTER DATABASE {name} {verb} default_transaction_read_only {rest}")
        session.close()

    def confirm_in_the_last_moment(**words: Any) -> Settlement:
        settlement = confirm(**words)
        say("SET", "= on")
        return settlement

    monkeypatch.setattr(gateway, "confirm", confirm_in_the_last_moment)
    yield lambda: say("RESET")
    say("RESET")
    connection.close()


@pytest.mark.parametrize(
    ("method", "state", "paid"),
    [("pm_card_visa", "paid", 1), ("pm_card_chargeDeclined", "payment_failed", 0)],
)
def test_what_cannot_be_written_down_about_a_charge_is_asked_of_the_bank_afterwards(
    customer: Client,
    bank: Sandbox,
    fails_over: Callable[[], None],
    method: str,
    state: str,
    paid: int,
) -> None:
    answer = buy(customer, payment_method=method)
    page = customer.get(answer["Location"])
    order = order_of(answer)

    assert (answer.status_code, page.status_code, order.state) == (303, 200, "awaiting_payment")
    assert b"One moment, Ada" in page.content

    fails_over()
    connection.close()
    order.payments.update(created_at=Now() - STALE_AFTER)
    settle_stale_payments()
    settle_payment(attempt_id=order.payments.get().pk)

    order.refresh_from_db()
    assert order.state == state
    assert bank.entries("payment", order.number) == [("charge", paid, 0, 1 - paid)]
