"""While the card is charged nothing of the database is held: no transaction, no connection."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from orders.errors import PaymentUnavailable
from orders.models import PaymentAttempt
from orders.payments import paying, pursuing
from orders.payments.provider import gateway
from orders.payments.provider.settlements import Settlement
from tests.orders.buying import CAPTURED, placed

pytestmark = pytest.mark.django_db(transaction=True)

# Sessions of programs that talk to this database, but for the one that asks.
SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def sessions() -> Callable[[], int]:
    """Counts them, from a session of its own."""

    def count() -> int:
        database = connections.create_connection("default")
        with database.cursor() as cursor:
            cursor.execute(SESSIONS)
            [found] = cursor.fetchone()
        database.close()
        return int(found)

    return count


def test_no_session_is_open_while_the_provider_is_spoken_to(
    sessions: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, attempt = placed()
    before = sessions()
    held: list[int] = []

    def create(**_: Any) -> str:
        held.append(sessions())
        return "pi_1"

    def confirm(**_: Any) -> Settlement:
        held.append(sessions())
        return CAPTURED

    monkeypatch.setattr(gateway, "create", create)
    monkeypatch.setattr(gateway, "confirm", confirm)
    paying.pay(attempt_id=attempt.pk, method="pm_card_visa")

    assert held == [before - 1, before - 1]


def test_nor_while_it_is_asked_about_in_the_web(
    sessions: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, attempt = placed()
    PaymentAttempt.objects.filter(pk=attempt.pk).update(provider_ref="pi_1")
    before = sessions()
    held: list[int] = []

    def ask(_: str) -> Settlement:
        held.append(sessions())
        return CAPTURED

    monkeypatch.setattr(gateway, "ask", ask)
    pursuing.ask_provider(attempt_id=attempt.pk)

    assert held == [before - 1]


def test_the_charge_can_be_asked_about_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    _, attempt = placed()
    seen: list[str] = []

    def confirm(**_: Any) -> Settlement:
        seen.extend(PaymentAttempt.objects.values_list("provider_ref", flat=True))
        assert not connection.in_atomic_block
        return CAPTURED

    monkeypatch.setattr(gateway, "create", lambda **_: "pi_7")
    monkeypatch.setattr(gateway, "confirm", confirm)
    paying.pay(attempt_id=attempt.pk, method="pm_card_visa")

    assert seen == ["pi_7"]


def test_a_second_try_charges_under_the_same_name_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    _, attempt = placed()
    calls: list[tuple[str, str]] = []

    def confirm(*, key: str, ref: str, **_: str) -> Settlement:
        calls.append((key, ref))
        return Settlement(outcome="unknown", ref=ref)

    monkeypatch.setattr(gateway, "create", lambda **_: f"pi_{len(calls)}")
    monkeypatch.setattr(gateway, "confirm", confirm)
    for _ in range(2):
        paying.pay(attempt_id=attempt.pk, method="pm_card_visa")

    assert calls == [(str(attempt.key), "pi_0")] * 2


def test_a_provider_that_cannot_be_reached_has_charged_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, attempt = placed()

    def unreachable(**_: Any) -> str:
        raise PaymentUnavailable

    monkeypatch.setattr(gateway, "create", unreachable)
    settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")

    assert settlement.outcome == "unavailable"
    assert PaymentAttempt.objects.get().provider_ref == ""
