"""Parcels in the admin: found, read with all that was said of them, put right by who may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from deferral.models import Intervention
from orders.models import Consignment, Order, Shipment, ShipmentNotice
from tests.deferral.staff import sitting
from tests.orders.shipments.telling import FOLLOW, said, told

pytestmark = pytest.mark.django_db
PARCELS, NOTICES = "/admin/orders/shipment/", "/admin/orders/shipmentnotice/"


@pytest.fixture
def parcel(order: Order, mug: str) -> Shipment:
    told(said(order, "on_its_way", {mug: 3}, tracking_number="HP 7"))
    return Shipment.objects.get()


@pytest.fixture
def staff() -> Client:
    return sitting("view_shipment", "change_shipment", "view_shipmentnotice", "view_order")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def decide(client: Client, row: Shipment | ShipmentNotice, name: str, **sent: str) -> int:
    address = NOTICES if isinstance(row, ShipmentNotice) else PARCELS
    data = {"reason": "called them", **sent}
    return client.post(f"{address}{row.pk}/decide/{name}/", data).status_code


def test_a_correction_is_written_down_with_who_and_why(staff: Client, parcel: Shipment) -> None:
    facts = {"state": "lost", "carrier": "Post", "tracking_number": "", "tracking_url": FOLLOW}
    assert decide(staff, parcel, "correct", **facts) == 302

    parcel.refresh_from_db()
    assert (parcel.state, parcel.tracking_url) == ("lost", FOLLOW)
    [noted] = Intervention.objects.all()
    assert noted.reason == "Correct from on its way to lost: called them"
    page = text(staff, f"{PARCELS}{parcel.pk}/change/")
    assert parcel.corrected_by in page
    assert "called them" in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://post.example/7", "7"])
def test_staff_lead_nobody_where_a_supplier_could_not(
    staff: Client, parcel: Shipment, address: str
) -> None:
    assert decide(staff, parcel, "correct", state="lost", tracking_url=address) == 200
    assert Shipment.objects.get().state == "on_its_way"


def test_who_may_only_look_decides_nothing(parcel: Shipment) -> None:
    reader = sitting("view_shipment")

    assert text(reader, f"{PARCELS}{parcel.pk}/change/")
    assert decide(reader, parcel, "correct", state="lost") == 403
    assert Shipment.objects.get().state == "on_its_way"


@pytest.mark.parametrize("words", ["HP 7", "order"])
def test_a_parcel_is_found_by_its_number_and_by_its_orders(
    staff: Client, parcel: Shipment, words: str
) -> None:
    asked = parcel.order.number if words == "order" else words

    assert f"/{parcel.pk}/change/" in text(staff, f"{PARCELS}?q={asked}")


def test_the_orders_page_shows_its_parcels(staff: Client, parcel: Shipment) -> None:
    page = text(staff, f"/admin/orders/order/{parcel.order_id}/change/")

    assert f"/admin/orders/shipment/{parcel.pk}/change/" in page
    assert "3 x Harbour mug" in page


def test_a_misfit_stands_on_the_first_page_until_it_is_seen_to(
    staff: Client, order: Order, print_: str
) -> None:
    notice = told(said(order, "packed", {print_: 1}))
    assert "1 notice" in text(staff, "/admin/")
    assert f"/{notice.pk}/change/" in text(staff, f"{NOTICES}?wrong=open")
    assert decide(staff, notice, "seen") == 302

    assert "did not fit" not in text(staff, "/admin/")
    assert f"/{notice.pk}/change/" not in text(staff, f"{NOTICES}?wrong=open")
    assert f"/{notice.pk}/change/" in text(staff, f"{NOTICES}?wrong=all")


@pytest.mark.parametrize("state", ["refused", "lost", "returned"])
def test_a_parcel_that_does_not_arrive_stands_there_too(
    staff: Client, order: Order, mug: str, state: str
) -> None:
    told(said(order, state, {mug: 3}))
    assert "1 parcel" in text(staff, "/admin/")
    assert "P-1" in text(staff, f"{PARCELS}?needs=staff")
    assert decide(staff, Shipment.objects.get(), "seen") == 302

    assert "will not arrive" not in text(staff, "/admin/")


def test_a_silent_supplier_is_named_with_its_order(staff: Client, order: Order) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    facts = {"asked_at": long_ago, "ask_at": datetime.now(UTC), "times_asked": 1}
    Consignment.objects.create(order=order, supplier="print_room", **facts)
    page = text(staff, "/admin/")

    assert f"The print room was asked about order {order.number} and has said nothing" in page
    assert "On its way" not in text(sitting("view_order"), "/admin/")


def test_that_nothing_more_is_expected_is_decided_from_the_first_page(
    order: Order, parcel: Shipment
) -> None:
    """And written down, with who and why."""
    names = ("view_shipment", "change_shipment", "view_consignment", "view_order")
    staff, long_ago = sitting(*names), datetime.now(UTC) - timedelta(hours=3)
    Consignment.objects.update(asked_at=long_ago, news_at=None)
    row = Consignment.objects.get()
    address = f"/admin/orders/consignment/{row.pk}"
    assert f"{address}/change/" in text(staff, "/admin/")
    assert "Nothing more to expect" in text(staff, f"{address}/change/")
    assert "never heard of" in text(staff, f"{address}/decide/end/")

    assert staff.post(f"{address}/decide/end/", {"reason": "called them"}).status_code == 302
    assert Consignment.objects.get().ask_at is None
    assert "called them" in text(staff, f"{address}/change/")
    assert "Silent supplier" not in text(staff, "/admin/")
