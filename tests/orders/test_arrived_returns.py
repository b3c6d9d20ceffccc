"""A return has arrived: its money goes back once, whatever comes between."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from deferral.errors import NotAllowed
from deferral.models import Event, Job
from deferral.relay.expansion import expand_events
from orders import services
from orders.admin.returns.waiting import _held_up
from orders.models import Order, Refund, Return
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.recording import mark_refund_refused
from orders.payments.refunds.sums import back_of, named, void_pieces
from orders.returns.arriving import needs_refund, refund_again, settle_otherwise
from orders.returns.deciding import approve_return
from orders.returns.offering import offer_of
from shop.return_steps import said_of
from tests.orders.buying import refund_of, stands
from tests.orders.returning import (
    a_line,
    approved,
    arrived,
    asked,
    bought,
    came,
    line_of,
    refused,
    state_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Three mugs and a seat, paid."""
    return bought()


def again(found: Return) -> Return:
    """Staff decide its refund once more."""
    return refund_again(return_id=found.pk, by="harbour", reason="it failed")


def test_its_refund_is_decided_with_it_and_named_after_it(order: Order) -> None:
    found, refund = arrived(order, 2)

    assert (found.state, refund.amount_cents, refund.state) == ("arrived", 3_600, "requested")
    assert refund.key == f"refund:{order.reference}:{found.tag}"
    assert refund.reason == f"Return {found.name}"
    assert [(str(one), one.to_stock) for one in refund.lines.all()] == [("2 x Harbour mug", True)]
    assert Event.objects.filter(type="orders.refund_requested").count() == 1


def test_it_is_over_when_the_money_is_back(order: Order) -> None:
    found, refund = arrived(order)
    stands(refund, "pending")
    assert state_of(found) == "arrived"

    stands(refund)
    stands(refund)
    assert state_of(found) == "refunded"
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "return_asked", "return_approved", "return_arrived", "return_refunded",
    ]  # fmt: skip


def test_pressed_twice_it_is_refunded_once(order: Order) -> None:
    found = approved(order)
    came(found, 1)
    with pytest.raises(NotAllowed, match="cannot become arrived"):
        came(found, 1)

    while expand_events():
        pass
    assert Refund.objects.count() == Job.objects.filter(task="orders.refund_payment").count() == 1


def test_the_database_keeps_no_second_refund_of_a_return(order: Order) -> None:
    found, refund = arrived(order)
    for state in ("requested", "pending", "done"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.create(
                payment=refund.payment, of_return=found, amount_cents=1, state=state, by="x"
            )


def test_less_than_was_announced_may_come_and_some_of_it_damaged(order: Order) -> None:
    found = came(approved(order, 3), 2, 1)

    refund = found.refunds.get()
    assert refund.amount_cents == 3_600
    assert {one.to_stock: one.quantity for one in refund.lines.all()} == {True: 1, False: 1}
    assert [str(one) for one in named(refund)] == ["2 x Harbour mug"]
    assert back_of(order.pk).of(line_of(order)).quantity == 2
    [mugs] = [one.most for one in offer_of(order).lines if one.line.kind == "home"]
    assert mugs == 1


@pytest.mark.parametrize(("arrives", "sold"), [(0, 0), (3, 0), (1, 2), (-1, 0), (2, -1)])
def test_no_more_comes_than_was_announced(order: Order, arrives: int, sold: int) -> None:
    found = approved(order, 2)
    with pytest.raises(NotAllowed):
        came(found, arrives, sold)

    assert (state_of(found), Refund.objects.count()) == ("approved", 0)


def test_what_staff_gave_back_meanwhile_is_not_paid_twice(order: Order) -> None:
    found = approved(order, 3)
    refund_of(order, cents=1_800, lines=[Chosen(line_id=line_of(order).pk, quantity=1)])
    with pytest.raises(NotAllowed, match="more than is left"):
        came(found, 3)

    assert came(found, 2).refunds.get().amount_cents == 3_600


def test_no_more_goes_back_than_is_left_of_the_money(order: Order) -> None:
    refund_of(order, cents=order.total_cents - 1_000)

    assert came(approved(order), 1).refunds.get().amount_cents == 1_000


def test_two_returns_of_one_line_are_two_refunds(order: Order) -> None:
    (first, _), (second, refund) = arrived(order), arrived(order, 2)
    stands(refund)

    assert (state_of(first), state_of(second)) == ("arrived", "refunded")
    assert back_of(order.pk).of(line_of(order)).quantity == 3


def test_a_refund_that_came_to_nothing_is_decided_again_under_another_key(order: Order) -> None:
    found, refund = arrived(order)
    assert not needs_refund(found)
    mark_refund_refused(refund_id=refund.pk, refusal="no")
    assert needs_refund(found)

    again(found)
    second = found.refunds.latest("id")
    assert second.key != refund.key
    assert [one.to_stock for one in second.lines.all()] == [True]
    with pytest.raises(NotAllowed, match="not decided twice"):
        again(found)
    stands(second)
    assert state_of(found) == "refunded"


def test_what_is_here_is_not_on_offer_while_its_refund_has_failed(order: Order) -> None:
    _, refund = arrived(order, 3)
    mark_refund_refused(refund_id=refund.pk, refusal="no")

    assert not offer_of(order).is_open


def test_a_refund_that_staff_gave_up_is_decided_again(order: Order) -> None:
    found, refund = arrived(order)
    facts = {"subject": order.subject, "task": "orders.refund_payment", "queue": "x"}
    Job.objects.create(key=refund.key, state="discarded", **facts)

    again(found)
    assert [one.state for one in found.refunds.all()] == ["given_up", "requested"]


def test_money_that_comes_back_is_somebodys_to_decide(order: Order) -> None:
    found = came(approved(order, 2), 2, 1)
    refund = found.refunds.get()
    stands(refund)
    stands(refund, "failed", why="closed account")
    assert state_of(found) == "arrived"
    assert needs_refund(found)

    again(found)
    second = found.refunds.latest("id")
    assert (second.amount_cents, [str(one) for one in second.lines.all()]) == (
        3_600,
        ["1 x Harbour mug"],
    )
    stands(second)
    assert state_of(found) == "refunded"


@pytest.mark.parametrize("state", ["asked", "approved"])
def test_a_full_refund_closes_it_once_the_money_is_back(order: Order, state: str) -> None:
    found = asked(order) if state == "asked" else approved(order)
    refund = refund_of(order)
    assert state_of(found) == state
    if state == "approved":
        with pytest.raises(NotAllowed):
            came(found, 1)

    stands(refund)
    assert state_of(found) == "closed"


def test_a_full_refund_that_fails_leaves_it_as_it_was(order: Order) -> None:
    found = approved(order)
    mark_refund_refused(refund_id=refund_of(order).pk, refusal="no")

    assert came(found, 1).state == "arrived"


def test_a_cancelled_order_closes_it(order: Order) -> None:
    (here, refund), coming = arrived(order), approved(order)
    services.cancel_order(order_id=order.pk, by="harbour", reason="asked")

    assert (state_of(here), state_of(coming)) == ("arrived", "closed")
    stands(refund)
    assert state_of(here) == "refunded"


def test_the_last_of_the_money_refunds_the_order() -> None:
    order = bought(a_line("home", 2, 1_800), shipping=0)
    found, refund = arrived(order, 2)
    stands(refund)

    order.refresh_from_db()
    assert (order.state, state_of(found)) == ("refunded", "refunded")


def test_a_decision_is_made_once(order: Order) -> None:
    found = approved(order)
    with pytest.raises(NotAllowed):
        approve_return(return_id=found.pk, by="tom", reason="")
    refused(found)
    with pytest.raises(NotAllowed):
        refused(found)


def test_a_line_named_twice_for_one_refund_counts_together(order: Order) -> None:
    mugs = line_of(order)
    twice = [Chosen(line_id=mugs.pk, quantity=2, to_stock=each) for each in (True, False)]
    with pytest.raises(NotAllowed, match="more than is left"):
        refund_of(order, cents=100, lines=twice)


def test_the_last_of_the_money_for_a_return_gives_up_what_came_back_alone() -> None:
    order = bought(a_line("home", 2, 1_800), a_line("ticket", 1, 1_900), shipping=0)
    stands(refund_of(order, cents=order.total_cents - 1_800))
    _, refund = arrived(order, 1)
    assert (refund.amount_cents, back_of(order.pk).is_spent) == (1_800, True)
    stands(refund)

    order.refresh_from_db()
    assert (order.state, order.closed_by, void_pieces(order)) == ("paid", "", set())
    assert not Event.objects.filter(type="orders.order_refunded").exists()
    assert offer_of(order).hindrance


def test_no_other_return_waits_for_money_that_is_gone() -> None:
    order = bought(a_line("home", 2, 1_800), a_line("ticket", 1, 1_900), shipping=0)
    stands(refund_of(order, cents=order.total_cents - 1_800))
    waiting = approved(order)
    stands(arrived(order, 1)[1])

    assert state_of(waiting) == "closed"


def test_what_was_settled_another_way_is_over_and_not_on_offer_again(order: Order) -> None:
    found, refund = arrived(order, 2)
    with pytest.raises(NotAllowed, match="not decided twice"):
        settle_otherwise(return_id=found.pk, by="harbour", reason="by bank")
    mark_refund_refused(refund_id=refund.pk, refusal="no")
    settle_otherwise(return_id=found.pk, by="harbour", reason="by bank")

    assert state_of(found) == "closed"
    assert [one.most for one in offer_of(order).lines] == [1, 0]
    with pytest.raises(NotAllowed):
        again(found)


def test_refunded_again_it_is_not_paid_beside_an_amount_that_was_quicker(order: Order) -> None:
    found, refund = arrived(order)
    mark_refund_refused(refund_id=refund.pk, refusal="no")
    refund_of(order, cents=1_800)
    with pytest.raises(NotAllowed, match="Meanwhile another refund"):
        refund_again(return_id=found.pk, by="harbour", reason="it failed", seen=0)


def test_a_whole_refund_that_comes_back_is_decided_again_with_damaged_goods() -> None:
    order = bought(a_line("home", 2, 1_800), shipping=0)
    found = came(approved(order, 2), 2, 1)
    stands(stands(found.refunds.get()), "failed")
    again(found)
    stands(found.refunds.latest("id"))

    order.refresh_from_db()
    assert (order.state, state_of(found)) == ("refunded", "refunded")


def test_a_refund_that_staff_gave_up_is_nothing_under_way(order: Order) -> None:
    found, refund = arrived(order)
    assert (_held_up(), said_of(found, [refund])[0]) == (0, "waiting")
    facts = {"subject": order.subject, "task": "orders.refund_payment", "queue": "x"}
    Job.objects.create(key=refund.key, state="discarded", **facts)

    assert (_held_up(), said_of(found, [refund])[0]) == (1, "dead")


def test_the_dead_letter_of_a_return_outlives_a_refund_of_something_else(order: Order) -> None:
    _, refund = arrived(order)
    mark_refund_refused(refund_id=refund.pk, refusal="no")
    facts = {"subject": order.subject, "task": "orders.refund_payment", "queue": "x"}
    Job.objects.create(key=refund.key, state="dead", **facts)
    refund_of(order, cents=100)

    assert Job.objects.get(key=refund.key).state == "dead"
