"""Where an order may go, and that each step is taken and announced once."""

import pytest

from deferral.errors import NotAllowed
from deferral.models import Event
from orders import services
from orders.models import Order, PaymentAttempt
from orders.payments.provider.settlements import Settlement
from tests.orders.buying import CAPTURED, in_state, paid, placed

pytestmark = pytest.mark.django_db

State = Order.State
# Everything that may happen to an order, in full: whatever is not here is refused.
ALLOWED = {
    (State.AWAITING_PAYMENT, State.PAID),
    (State.AWAITING_PAYMENT, State.PAYMENT_FAILED),
    (State.AWAITING_PAYMENT, State.PAYMENT_UNKNOWN),
    (State.PAYMENT_UNKNOWN, State.PAID),
    (State.PAYMENT_UNKNOWN, State.PAYMENT_FAILED),
    (State.PAYMENT_UNKNOWN, State.AWAITING_PAYMENT),
    (State.PAYMENT_FAILED, State.AWAITING_PAYMENT),
    (State.PAYMENT_FAILED, State.PAID),
    (State.PAID, State.CANCELLED),
    (State.PAID, State.REFUNDED),
    (State.CANCELLED, State.REFUNDED),
}
DECLINED = Settlement(outcome="failed", ref="pi_1", reason="Your card was declined.")


class LedgerAway(Exception):
    """The event cannot be written."""


def announced() -> list[str]:
    """The types of the events, in their order."""
    return list(Event.objects.order_by("id").values_list("type", flat=True))


@pytest.mark.parametrize("target", State)
@pytest.mark.parametrize("source", State)
def test_an_order_goes_only_where_the_table_says(source: State, target: State) -> None:
    order = Order(state=source)
    if (source, target) in ALLOWED:
        order.move_to(target)
        assert order.state == target
        return
    with pytest.raises(NotAllowed):
        order.move_to(target)
    assert order.state == source


def test_a_payment_is_recorded_and_announced_once() -> None:
    order, attempt = placed()
    for _ in range(3):
        order = services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)

    attempt.refresh_from_db()
    assert (order.state, attempt.state, attempt.card) == ("paid", "captured", "Visa ending 4242")
    assert announced() == ["orders.order_paid"]
    [event] = Event.objects.all()
    assert (event.subject, event.payload) == (f"order:{order.number}", {"order_id": order.pk})


def test_what_cannot_be_announced_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    _, attempt = placed()

    def fail(*_: object, **__: object) -> None:
        raise LedgerAway

    monkeypatch.setattr("orders.services.paid.publish", fail)
    with pytest.raises(LedgerAway):
        services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)

    assert Order.objects.get().state == State.AWAITING_PAYMENT
    assert PaymentAttempt.objects.get().state == "requested"


def test_a_decline_is_recorded_once_and_announces_nothing() -> None:
    _, attempt = placed()
    for _ in range(2):
        order = services.mark_failed(attempt_id=attempt.pk, settlement=DECLINED)

    attempt.refresh_from_db()
    assert (order.state, attempt.reason) == ("payment_failed", "Your card was declined.")
    assert announced() == []


def test_a_decline_that_comes_late_does_not_undo_a_payment() -> None:
    order = paid()

    found = services.mark_failed(attempt_id=order.payments.get().pk, settlement=DECLINED)

    assert (found.state, order.payments.get().state) == ("paid", "captured")


def test_an_unanswered_payment_has_somebody_asked_once_and_may_still_be_paid() -> None:
    _, attempt = placed()
    for _ in range(2):
        services.mark_unknown(attempt_id=attempt.pk)
    order = services.mark_paid(attempt_id=attempt.pk, settlement=CAPTURED)
    services.mark_unknown(attempt_id=attempt.pk)

    assert order.state == State.PAID
    assert announced() == ["orders.payment_unknown", "orders.order_paid"]


def test_a_cancelled_order_knows_by_whom_and_why() -> None:
    order = services.cancel_order(order_id=paid().pk, by="harbour", reason="the pier is closed")

    order.refresh_from_db()
    assert (order.state, order.closed_by) == ("cancelled", "harbour")
    assert order.closed_reason == "the pier is closed"
    assert order.closed_at is not None
    assert announced()[1:] == ["orders.order_cancelled", "orders.refund_requested"]


@pytest.mark.parametrize("state", sorted(set(State) - {State.PAID}))
def test_only_a_paid_order_is_cancelled(state: State) -> None:
    order = in_state(state)
    with pytest.raises(NotAllowed):
        services.cancel_order(order_id=order.pk, by="harbour", reason="why not")

    order.refresh_from_db()
    assert (order.state, order.closed_by, announced()) == (state, "", [])
