"""What becomes of an order's parcels by what suppliers say, in whatever order it comes."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deferral.models import Event
from orders.events import ShipmentSent
from orders.models import Order, Shipment
from orders.returns.offering import offer_of
from orders.shipments import judging
from orders.shipments.correcting import correct_shipment
from orders.shipments.folding import MOST_TIMES
from orders.shipments.ranks import RANKS
from orders.shipments.recording import hear
from tests.orders.shipments.telling import (
    FOLLOW,
    STORY,
    end_of,
    hear_all,
    inside,
    said,
    states,
    stored,
    told,
)

pytestmark = pytest.mark.django_db


def announced_events() -> list[int]:
    found = Event.objects.filter(type=ShipmentSent.type).order_by("id")
    return [event.payload["shipment_id"] for event in found]


def test_a_parcel_comes_on_as_its_supplier_says(order: Order, mug: str) -> None:
    for state in STORY:
        told(said(order, state, {mug: 3}))

        assert states(order) == {"P-1": state}
    [parcel] = Shipment.objects.all()
    assert inside(parcel) == ((mug, 3),)


@pytest.mark.parametrize("turn", list(itertools.permutations(range(4))))
def test_every_order_of_notices_has_the_same_end(
    order: Order, mug: str, turn: tuple[int, ...]
) -> None:
    """Each twice, too: once as it comes, and all of them again at the end."""
    at = datetime.now(UTC)
    notices = [
        stored(
            said(order, state, {mug: 3}, at=at + timedelta(minutes=place), **tracking(state)),
            name=state,
        )
        for place, state in enumerate(STORY)
    ]
    hear_all(notices[place] for place in turn)
    hear_all(notices)

    assert end_of(order) == [
        (
            *("warehouse", "P-1", "delivered", at + timedelta(minutes=3)),
            *("Harbour Post", "HP 7", FOLLOW, False, ""),
            ((mug, 3),),
        )
    ]
    assert len(announced_events()) == 1


def tracking(state: str) -> dict[str, str]:
    """Only the carrier's first scan says it."""
    facts = {"carrier": "Harbour Post", "tracking_number": "HP 7", "tracking_url": FOLLOW}
    return facts if state == "on_its_way" else {}


def test_every_state_has_a_rank_of_its_own_and_ends_stand_beside_the_way() -> None:
    assert set(RANKS) == set(Shipment.State)
    assert sorted(RANKS, key=RANKS.__getitem__) == [
        *("announced", "packed", "refused", "on_its_way", "lost", "delivered", "returned"),
    ]
    assert len(set(RANKS.values())) == len(RANKS)


@pytest.mark.parametrize(
    ("first", "then", "stands"),
    [
        ("refused", "on_its_way", "on_its_way"),
        ("refused", "packed", "refused"),
        ("lost", "delivered", "delivered"),
        ("lost", "on_its_way", "lost"),
        ("delivered", "returned", "returned"),
        ("returned", "delivered", "returned"),
    ],
)
def test_a_later_word_puts_an_end_right(
    order: Order, mug: str, first: str, then: str, stands: str
) -> None:
    for state in (first, then):
        told(said(order, state, {mug: 3}))

    assert states(order) == {"P-1": stands}


def test_parts_go_in_parcels_of_their_own_and_each_is_announced_once(
    order: Order, mug: str, print_: str
) -> None:
    for state in STORY:
        told(said(order, state, {mug: 1}, shipment="P-1"))
        told(said(order, state, {mug: 2}, shipment="P-2"))
        told(said(order, state, {print_: 1}, shipment="P-1"), "print_room")

    assert Shipment.objects.filter(order=order, state="delivered", excess=False).count() == 3
    assert sorted(announced_events()) == sorted(Shipment.objects.values_list("pk", flat=True))


def test_what_is_in_a_parcel_is_what_was_said_last_of_it(order: Order, mug: str) -> None:
    """A supplier that repacks: three announced, two packed, one in a parcel of its own."""
    at = datetime.now(UTC)
    repacked: list[dict[str, Any]] = [
        said(order, "announced", {mug: 3}, at=at),
        said(order, "packed", {mug: 2}, at=at),
        said(order, "packed", {mug: 1}, at=at, shipment="P-2"),
    ]
    ends = []
    for turn in itertools.permutations(range(3)):
        Shipment.objects.all().delete()
        order.shipment_notices.all().delete()
        hear_all([stored(repacked[place]) for place in turn])
        ends.append(end_of(order))

    assert all(end == ends[0] for end in ends)
    assert [(row[1], row[7], row[9]) for row in ends[0]] == [
        ("P-1", False, ((mug, 2),)),
        ("P-2", False, ((mug, 1),)),
    ]


def test_more_than_was_ordered_is_kept_for_staff_and_never_announced(
    order: Order, mug: str
) -> None:
    at = datetime.now(UTC)
    notices = [
        said(order, "on_its_way", {mug: 2}, at=at, shipment="P-1"),
        said(order, "on_its_way", {mug: 2}, at=at + timedelta(minutes=1), shipment="P-2"),
    ]
    for notice in notices:
        told(notice)

    one, two = Shipment.objects.order_by("name")
    assert (one.excess, two.excess) == (False, True)
    assert two.needs_staff
    assert announced_events() == [one.pk]


def test_a_lost_parcel_may_be_sent_once_more(order: Order, mug: str) -> None:
    told(said(order, "lost", {mug: 3}, shipment="P-1"))
    told(said(order, "on_its_way", {mug: 3}, shipment="P-2"))

    assert not Shipment.objects.filter(excess=True).exists()
    assert states(order) == {"P-1": "lost", "P-2": "on_its_way"}


@pytest.mark.parametrize("end", ["lost", "returned", "refused"])
def test_of_parcels_without_number_that_come_to_nothing_few_are_believed(
    order: Order, mug: str, end: str
) -> None:
    """Each of 40 would be a mail and an SMS that is paid for."""
    for number in range(40):
        told(said(order, end, {mug: 3}, shipment=f"P-{number}"))

    assert Shipment.objects.filter(excess=False).count() == MOST_TIMES
    assert announced_events() == []


@pytest.mark.parametrize("first", ["on_its_way", "delivered"])
@pytest.mark.parametrize("end", ["lost", "returned"])
def test_parcels_that_are_sent_again_and_again_are_announced_a_few_times(
    order: Order, mug: str, first: str, end: str
) -> None:
    for number in range(12):
        told(said(order, first, {mug: 3}, shipment=f"P-{number}"))
        told(said(order, end, {mug: 3}, shipment=f"P-{number}"))

    assert len(announced_events()) <= 2 * MOST_TIMES


def test_one_parcel_more_than_a_supplier_may_have_is_kept_for_staff(
    order: Order, mug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST_PARCELS", 2)
    for name in ("P-1", "P-2"):
        told(said(order, "packed", {mug: 1}, shipment=name))
    assert told(said(order, "packed", {mug: 1}, shipment="P-3")).misfit == judging.TOO_MANY

    assert not told(said(order, "delivered", {mug: 1}, shipment="P-2")).misfit
    assert states(order) == {"P-1": "packed", "P-2": "delivered"}


def test_one_notice_more_than_are_believed_is_kept_for_staff(
    order: Order, mug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST_NOTICES", 1)
    told(said(order, "packed", {mug: 3}))

    assert told(said(order, "delivered", {mug: 3})).misfit == judging.TOO_MUCH
    assert states(order) == {"P-1": "packed"}


def test_a_notice_costs_no_more_where_there_are_more_parcels(order: Order, mug: str) -> None:
    """A parcel that stands as it stood is not written."""
    costs = []
    for number in range(3):
        told(said(order, "packed", {mug: 1}, shipment=f"P-{number}"))
        pk = stored(said(order, "on_its_way", {mug: 1}, shipment="P-0", minutes=number))
        with CaptureQueriesContext(connection) as queries:
            hear(notice_id=pk, supplier="warehouse")
        costs.append(len(queries))

    assert costs[1] == costs[2] < costs[0]


def test_what_arrives_late_can_be_sent_back_from_then_on(order: Order, mug: str) -> None:
    """Not only for so many days after it was paid."""
    Order.objects.update(paid_at=datetime.now(UTC) - timedelta(days=60))
    order.refresh_from_db()
    assert "could be sent back until" in offer_of(order).hindrance
    told(said(order, "delivered", {mug: 3}, at=datetime.now(UTC) - timedelta(hours=1)))

    order.refresh_from_db()
    assert offer_of(order).is_open
    correct_shipment(
        shipment_id=Shipment.objects.get().pk, by="harbour", reason="called", state="lost"
    )
    order.refresh_from_db()
    assert order.delivered_at is None
