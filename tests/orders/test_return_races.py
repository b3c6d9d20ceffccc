"""Two people, or two processes, act upon one return at the same moment."""

from functools import partial
from typing import Any

import pytest

from deferral.errors import NotAllowed
from deferral.models import Event
from orders.models import Refund, Return, ReturnLine
from orders.payments.refunds.decisions import request_refund
from orders.returns.asking import withdraw_return
from orders.returns.deciding import approve_return, refuse_return
from orders.returns.offering import offer_of
from tests.orders.returning import approved, asked, bought, came, state_of
from tests.rig.racing import ROUNDS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exhaustive]


def allowed(outcomes: list[Any]) -> int:
    """How many went through; the others were told that it is not allowed, and nothing else."""
    assert all(isinstance(one, NotAllowed) or not isinstance(one, Exception) for one in outcomes)
    return sum(not isinstance(one, NotAllowed) for one in outcomes)


def test_of_two_who_count_a_parcel_at_once_one_pays_for_it() -> None:
    for _ in range(ROUNDS):
        found = approved(bought(), 2)
        outcomes = at_once(partial(came, found, 2), partial(came, found, 1))

        assert allowed(outcomes) == 1
        assert Refund.objects.filter(of_return=found).count() == 1
        asked_for = Event.objects.filter(type="orders.refund_requested", subject=found.subject)
        assert asked_for.count() == 1


def test_two_forms_at_once_ask_for_no_more_than_was_bought() -> None:
    for _ in range(ROUNDS):
        order = bought()
        outcomes = at_once(partial(asked, order, 2), partial(asked, order, 2))

        assert allowed(outcomes) == 1
        assert [one.quantity for one in ReturnLine.objects.filter(returned__order=order)] == [2]


def test_a_parcel_counted_beside_a_full_refund_is_paid_for_once() -> None:
    for _ in range(ROUNDS):
        order = bought()
        found = approved(order)
        at_once(
            partial(came, found, 1),
            partial(request_refund, order_id=order.pk, by="eva", reason="asked", seen=0),
        )

        refunds = Refund.objects.filter(payment__order=order)
        assert sum(one.amount_cents for one in refunds) <= order.total_cents
        assert refunds.count() == 1


def test_a_parcel_counted_beside_its_withdrawal_is_paid_for_whichever_was_first() -> None:
    for _ in range(ROUNDS):
        found = approved(bought())
        outcomes = at_once(partial(came, found, 1), partial(withdraw_return, return_id=found.pk))

        assert allowed(outcomes) in {1, 2}  # what was withdrawn may arrive, and not the other way
        assert Refund.objects.filter(of_return=found).count() == 1
        assert state_of(found) == "arrived"


def test_of_two_who_decide_at_once_the_customer_is_told_what_is_so() -> None:
    for _ in range(ROUNDS):
        order = bought()
        found, facts = asked(order), {"by": "eva", "reason": "no"}
        outcomes = at_once(
            partial(approve_return, return_id=found.pk, **facts),
            partial(refuse_return, return_id=found.pk, **facts),
        )

        assert allowed(outcomes) in {1, 2}  # what was approved may be refused
        state = Return.objects.get(pk=found.pk).state
        told = Event.objects.filter(subject=order.subject).latest("id").type
        assert told == f"orders.return_{state}"
        assert offer_of(order).is_open
