"""A customer asks for a return: what may come back, how many, until when; and withdraws it."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import AuditEntry
from deferral.errors import NotAllowed
from deferral.models import Event
from orders import services
from orders.models import Order, Return, ReturnLine
from orders.payments.refunds.choosing import Chosen
from orders.placing import place_free_order
from orders.returns.asking import MOST, Asked, ask_return, withdraw_return
from orders.returns.deciding import approve_return
from orders.returns.offering import offer_of
from tests.orders.buying import a_draft, placed, refund_of
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


def most(order: Order) -> dict[str, int]:
    """How many of each line are on offer."""
    return {one.line.kind: one.most for one in offer_of(order).lines}


def test_it_is_written_down_and_announced_at_once(order: Order) -> None:
    found = asked(order, 2, reason="damaged", words="A crack.")

    line = found.lines.get()
    assert (found.state, found.reason, found.words) == ("asked", "damaged", "A crack.")
    assert (line.quantity, line.line) == (2, line_of(order))
    assert found.name == f"R-{order.number[2:]}-{found.tag}"
    event = Event.objects.get(type="orders.return_asked")
    assert (event.subject, event.payload) == (
        order.subject,
        {"order_id": order.pk, "return_id": found.pk},
    )
    entry = AuditEntry.objects.get(action="return_asked")
    assert (entry.subject, entry.actor) == (order.subject, "customer")
    assert entry.detail == {"return": found.name, "lines": {"home-1": 2}}


def test_the_same_form_sent_twice_asks_once(order: Order) -> None:
    key = uuid.uuid4()
    assert asked(order, 1, key=key) == asked(order, 1, key=key)

    assert Return.objects.count() == Event.objects.filter(type="orders.return_asked").count() == 1


def test_what_is_asked_for_is_not_on_offer_again(order: Order) -> None:
    asked(order, 2)
    assert most(order) == {"home": 1, "ticket": 0}
    with pytest.raises(NotAllowed, match="Of Harbour mug 1 can be sent back"):
        asked(order, 2)

    asked(order, 1)
    assert not offer_of(order).is_open


@pytest.mark.parametrize("quantity", [0, -1, 4, 2**31])
def test_no_more_than_was_bought_is_asked_for(order: Order, quantity: int) -> None:
    with pytest.raises(NotAllowed):
        asked(order, quantity)

    assert not Return.objects.exists()


def test_what_staff_gave_back_before_is_not_sent_back(order: Order) -> None:
    refund_of(order, cents=1_800, lines=[Chosen(line_id=line_of(order).pk, quantity=2)])

    assert most(order)["home"] == 1
    with pytest.raises(NotAllowed):
        asked(order, 2)


@pytest.mark.parametrize("kind", ["ticket", "download"])
def test_what_comes_in_no_parcel_is_not_sent_back(kind: str) -> None:
    order = bought(a_line(kind, 1, 1_900), a_line("home", 1, 1_800))
    with pytest.raises(NotAllowed):
        asked(order, 1, kind)

    [why] = [one.why for one in offer_of(order).lines if one.line.kind == kind]
    assert why == "It comes in no parcel, so it cannot be sent back."


def test_what_was_free_is_not_sent_back() -> None:
    order = bought(a_line("home", 1, 0), a_line("print", 1, 1_800))

    assert most(order) == {"home": 0, "print": 1}


def test_a_line_of_another_order_is_not_sent_back(order: Order) -> None:
    other = bought()
    wanted = Asked(quantities={line_of(other).pk: 1}, reason="wrong")
    with pytest.raises(NotAllowed):
        ask_return(order_id=order.pk, key=uuid.uuid4(), asked=wanted)

    assert not Return.objects.exists()


def test_until_the_last_day_and_not_on_the_next(order: Order, settings: Settings) -> None:
    settings.RETURN_DAYS = 14
    paid_at = timezone.now() - timedelta(days=14)
    Order.objects.update(paid_at=paid_at)
    order.refresh_from_db()
    assert offer_of(order).is_open

    Order.objects.update(paid_at=paid_at - timedelta(days=1))
    order.refresh_from_db()
    assert "could be sent back until" in offer_of(order).hindrance
    with pytest.raises(NotAllowed, match="could be sent back until"):
        asked(order)


def test_only_of_what_is_paid_and_kept(order: Order) -> None:
    unpaid, _ = placed()
    cancelled, going = bought(), bought()
    services.cancel_order(order_id=cancelled.pk, by="harbour", reason="asked")
    refund_of(going)
    for each in (unpaid, cancelled, going):
        each.refresh_from_db()
        assert offer_of(each).hindrance
        with pytest.raises(NotAllowed, match="Only what is paid for"):
            asked(each)


def test_of_a_free_order_nothing_is_sent_back() -> None:
    with transaction.atomic():
        draft = a_draft(lines=(a_line("home", 1, 0),), shipping_cents=0)
        order, _ = place_free_order(draft=draft)
    services.mark_free(order_id=order.pk)
    with pytest.raises(NotAllowed, match="Nothing was paid"):
        asked(Order.objects.get(pk=order.pk))


def test_it_is_withdrawn_once_and_on_offer_again(order: Order) -> None:
    found = approved(order, 3)
    for _ in range(2):
        assert withdraw_return(return_id=found.pk).state == "withdrawn"

    assert most(order)["home"] == 3
    assert AuditEntry.objects.filter(action="return_withdrawn").count() == 1


def test_what_was_refused_is_on_offer_again(order: Order) -> None:
    refused(asked(order, 3))

    assert most(order)["home"] == 3


def test_what_is_here_is_not_withdrawn(order: Order) -> None:
    found, _ = arrived(order)
    with pytest.raises(NotAllowed, match="cannot be withdrawn any more"):
        withdraw_return(return_id=found.pk)


@pytest.mark.parametrize(("column", "value"), [("arrived", 3), ("sold_again", 1), ("quantity", 0)])
def test_the_database_keeps_no_count_that_cannot_be(order: Order, column: str, value: int) -> None:
    asked(order, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnLine.objects.update(**{column: value})


def test_the_database_keeps_no_refusal_without_a_reason(order: Order) -> None:
    asked(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.update(state="refused")


@pytest.mark.parametrize("quantity", [1, 3])
def test_what_was_paid_back_meanwhile_is_not_approved(order: Order, quantity: int) -> None:
    found = asked(order, 3)
    line = Chosen(line_id=line_of(order).pk, quantity=quantity)
    refund_of(order, cents=1_800 * quantity, lines=[line])
    with pytest.raises(NotAllowed, match="efuse it, and say so"):
        approve_return(return_id=found.pk, by="harbour", reason="")

    assert state_of(found) == "asked"


def test_what_arrives_although_it_was_withdrawn_is_counted(order: Order) -> None:
    found = withdraw_return(return_id=approved(order).pk)

    assert came(found, 1).state == "arrived"


def test_what_arrives_is_counted_once_it_had_been_approved(order: Order) -> None:
    never, sent = refused(asked(order)), refused(approved(order))
    with pytest.raises(NotAllowed, match="cannot become arrived"):
        came(never, 1)

    assert came(sent, 1).state == "arrived"


def test_no_end_of_returns_is_asked_for(order: Order) -> None:
    for _ in range(MOST):
        withdraw_return(return_id=asked(order).pk)

    with pytest.raises(NotAllowed, match="write to us"):
        asked(order)
