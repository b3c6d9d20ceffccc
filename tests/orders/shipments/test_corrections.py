"""Staff know better: what they say of a parcel, until something further happens."""

from datetime import UTC, datetime, timedelta

import pytest

from deferral.errors import NotAllowed
from deferral.models import Event
from orders.models import Order, Shipment, ShipmentNotice
from orders.shipments.correcting import correct_shipment, see_to_notice, see_to_shipment
from tests.orders.shipments.telling import FOLLOW, said, told

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=30)
TOLD = {"carrier": "Post", "tracking_number": "7", "tracking_url": FOLLOW}


@pytest.fixture
def parcel(order: Order, mug: str) -> Shipment:
    """Delivered, as its supplier says."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    told(said(order, "delivered", {mug: 3}, at=at, **TOLD))
    return Shipment.objects.get()


def corrected(parcel: Shipment, state: str = "on_its_way", **facts: str) -> Shipment:
    terms = {"by": "harbour", "reason": "the neighbour has it", "state": state} | facts
    return correct_shipment(shipment_id=parcel.pk, **terms)


def test_it_stands_as_staff_say(parcel: Shipment) -> None:
    after = corrected(parcel, carrier="Post", tracking_number="8")

    assert (after.state, after.corrected_by) == ("on_its_way", "harbour")
    assert (after.tracking_number, after.tracking_url) == ("8", "")
    assert after.lines.count() == 1


def test_a_late_notice_of_before_changes_nothing(parcel: Shipment, order: Order, mug: str) -> None:
    corrected(parcel)
    told(said(order, "delivered", {mug: 3}, at=datetime.now(UTC) - timedelta(minutes=9)))
    told(said(order, "packed", {mug: 3}, at=datetime.now(UTC) + LATER))

    assert Shipment.objects.get().state == "on_its_way"


def test_what_has_happened_since_and_is_further_outranks_it(
    parcel: Shipment, order: Order, mug: str
) -> None:
    corrected(parcel, tracking_number="8")
    told(said(order, "delivered", {mug: 3}, at=datetime.now(UTC) + LATER))

    after = Shipment.objects.get()
    assert (after.state, after.corrected_by, after.tracking_number) == ("delivered", "", "8")


def test_the_last_correction_holds(parcel: Shipment) -> None:
    corrected(parcel)
    corrected(parcel, "lost")

    assert Shipment.objects.get().state == "lost"


def test_what_stands_already_is_said(parcel: Shipment) -> None:
    corrected(parcel)
    with pytest.raises(NotAllowed):
        corrected(parcel)


def test_a_parcel_that_staff_have_sent_is_announced(order: Order, mug: str) -> None:
    told(said(order, "packed", {mug: 3}))
    corrected(Shipment.objects.get())

    assert Event.objects.filter(type="orders.shipment_sent").count() == 1


def test_what_was_seen_to_is_named_again_when_it_stands_otherwise(order: Order, mug: str) -> None:
    told(said(order, "refused", {mug: 3}))
    parcel = Shipment.objects.get()
    assert (
        see_to_shipment(shipment_id=parcel.pk, by="harbour", reason="called").needs_staff is False
    )
    with pytest.raises(NotAllowed):
        see_to_shipment(shipment_id=parcel.pk, by="harbour", reason="called")
    told(said(order, "lost", {mug: 3}))

    assert Shipment.objects.get().needs_staff


def test_a_misfit_is_seen_to_once(order: Order) -> None:
    notice = told(said(order, "packed", {"X": 1}))
    assert seen_to(notice).seen_at is not None

    with pytest.raises(NotAllowed):
        seen_to(notice)


def seen_to(notice: ShipmentNotice) -> ShipmentNotice:
    return see_to_notice(shipmentnotice_id=notice.pk, by="harbour", reason="called")
