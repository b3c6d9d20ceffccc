"""Money that goes back, as our books have it: never more than came, each decision once."""

from typing import Any

import pytest

from deferral.errors import NotAllowed
from deferral.models import Event, Intervention, Job
from orders import services
from orders.models import Order, PaymentAttempt, Refund
from orders.payments.provider.refunds import Returned
from orders.payments.refunds.decisions import keep_given_up, request_refund
from orders.payments.refunds.matching import record_returned
from orders.payments.refunds.recording import mark_refund_refused
from orders.selectors import refunds_under_way, spoken_for
from tests.orders.buying import in_state, paid, placed, refund_of, said_of, stands

pytestmark = pytest.mark.django_db

TOTAL = 4_090


def announced() -> list[str]:
    """What was announced after the payment, in its order."""
    types = Event.objects.order_by("id").values_list("type", flat=True)
    return [name.removeprefix("orders.") for name in types][1:]


def books() -> tuple[str, str, int]:
    """The order's state, its payment's, and how much went back."""
    payment = PaymentAttempt.objects.select_related("order").get()
    return payment.order.state, payment.state, payment.refunded_cents


def test_an_order_is_refunded_when_the_provider_has_done_it_and_not_before() -> None:
    order = paid()
    refund = refund_of(order)
    order.refresh_from_db()
    assert (order.state, order.closed_by, order.closed_reason) == ("paid", "harbour", "broken mug")
    assert books() == ("paid", "captured", 0)

    for _ in range(2):
        stands(refund)

    assert books() == ("refunded", "refunded", TOTAL)
    assert announced() == ["refund_requested", "order_refunded"]


def test_parts_go_back_one_by_one_and_the_last_refunds_the_order() -> None:
    order = paid()
    stands(refund_of(order, cents=1_000))
    order.refresh_from_db()
    assert (books(), order.is_closing) == (("paid", "captured", 1_000), False)

    stands(refund_of(order))

    assert books() == ("refunded", "refunded", TOTAL)
    assert [refund.amount_cents for refund in Refund.objects.all()] == [1_000, 3_090]
    kinds = ["refund_requested", "partly_refunded", "refund_requested", "order_refunded"]
    assert announced() == kinds


def test_a_cancellation_gives_back_what_is_left() -> None:
    order = paid()
    stands(refund_of(order, cents=1_000))

    services.cancel_order(order_id=order.pk, by="harbour", reason="closed")

    assert Refund.objects.latest("id").amount_cents == 3_090
    assert announced()[2:] == ["order_cancelled", "refund_requested"]


@pytest.mark.parametrize("cents", [0, -1, TOTAL + 1])
def test_nothing_and_too_much_do_not_go_back(cents: int) -> None:
    order = paid()
    with pytest.raises(NotAllowed):
        refund_of(order, cents=cents)

    assert (Refund.objects.count(), announced()) == (0, [])


@pytest.mark.parametrize("state", ["awaiting_payment", "payment_failed", "refunded"])
def test_what_was_never_paid_or_is_refunded_already_is_not_refunded(state: str) -> None:
    order = in_state(state)
    with pytest.raises(NotAllowed):
        request_refund(order_id=order.pk, by="harbour", reason="why not")

    assert not Event.objects.exists()


def test_what_is_on_its_way_is_not_decided_again() -> None:
    order = paid()
    refund_of(order, by="first")
    with pytest.raises(NotAllowed):
        refund_of(order, by="second")

    order.refresh_from_db()
    assert (order.closed_by, announced()) == ("first", ["refund_requested"])


def test_of_two_who_saw_the_same_page_one_refunds() -> None:
    order = paid()
    refund_of(order, cents=500, seen=0)
    with pytest.raises(NotAllowed, match="another refund"):
        refund_of(order, cents=500, seen=0)
    refund_of(order, cents=500, seen=500)

    assert Refund.objects.count() == 2


def a_dead_letter(refund: Refund) -> Job:
    """Of the refund's job."""
    return Job.objects.create(
        key=refund.key, subject="order:H-1", task="orders.refund_payment", queue="x", state="dead"
    )


def test_a_refused_refund_is_told_once_and_may_be_decided_anew() -> None:
    order = paid()
    refund = refund_of(order)
    message = a_dead_letter(refund)
    for _ in range(2):
        mark_refund_refused(refund_id=refund.pk, refusal="The account is empty.")

    order.refresh_from_db()
    assert (books(), order.is_closing) == (("paid", "captured", 0), False)
    assert announced() == ["refund_requested", "refund_refused"]
    stands(refund)
    assert books() == ("paid", "captured", 0)

    again = refund_of(order, reason="the account was filled")

    message.refresh_from_db()
    assert (again.amount_cents, message.state) == (TOTAL, "discarded")
    assert Intervention.objects.get().reason == "Decided anew: the account was filled"


def test_what_staff_gave_up_is_free_again() -> None:
    order = paid()
    refund = refund_of(order)
    message = a_dead_letter(refund)
    assert spoken_for(refund.payment) == TOTAL

    Job.objects.filter(pk=message.pk).update(state="discarded")
    assert spoken_for(refund.payment) == 0
    assert refunds_under_way() == {}

    keep_given_up()
    Job.objects.all().delete()  # as the sweep does, 90 days later
    refund.refresh_from_db()
    assert (refund.state, spoken_for(refund.payment)) == ("given_up", 0)


def elsewhere(cents: int, state: str = "done", **changes: Any) -> Returned:
    """A refund that somebody had made in the provider's dashboard."""
    facts: dict[str, Any] = {"ref": f"re_of_{cents}", "payment": "pi_1", "key": ""}
    return Returned(**(facts | {"state": Refund.State(state), "cents": cents} | changes))


def test_what_went_back_elsewhere_is_recorded_without_what_is_ours() -> None:
    order = paid()
    payment = order.payments.get()
    ours = said_of(refund_of(order, cents=1_000))
    for found in ([ours], [ours, elsewhere(500)], [elsewhere(500)], [elsewhere(500), ours, ours]):
        record_returned(payment_id=payment.pk, found=found)
    assert books() == ("paid", "captured", 1_500)

    for found in ([ours, elsewhere(500), elsewhere(9_000)], [ours]):
        record_returned(payment_id=payment.pk, found=found)
    assert books() == ("refunded", "refunded", TOTAL)
    assert announced().count("order_refunded") == 1
    found_there = Refund.objects.exclude(by="harbour").values_list("by", "amount_cents")
    assert list(found_there) == [
        ("the provider's dashboard", 500),
        ("the provider's dashboard", 2_590),
    ]


def test_late_money_that_was_not_given_back_can_be_decided_about() -> None:
    order, attempt = placed()
    order.state = Order.State.PAYMENT_FAILED
    order.save()
    PaymentAttempt.objects.filter(pk=attempt.pk).update(state="captured")

    stands(refund_of(order))

    assert books() == ("payment_failed", "refunded", TOTAL)
    assert [e.type for e in Event.objects.all()] == ["orders.refund_requested"]
