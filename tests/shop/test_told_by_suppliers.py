"""What suppliers tell us of parcels at their addresses: signed as themselves, stored once."""

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook

from deferral.models import Event, IncomingNotice
from deferral.registry import HANDLERS
from orders.events import ShipmentNoticed
from orders.models import Order, Shipment, ShipmentNotice
from tests.rig.surroundings import NEXT_WAREHOUSE_SECRET, PRINT_ROOM_SECRET, WAREHOUSE_SECRET
from tests.shop.conftest import Run

pytestmark = pytest.mark.django_db
WAREHOUSE = "/suppliers/warehouse/notices/"
LINES = [{"sku": "PR-001", "quantity": 1}]


def a_notice(order: str = "H-1-abcdefgh", state: str = "packed", **data: Any) -> dict[str, Any]:
    facts = {"order": order, "shipment": "P-1", "lines": LINES, **data}
    return {
        "type": f"shipment.{state}",
        "timestamp": datetime.now(UTC).isoformat(),
        "data": facts,
    }


def signed(body: str, *, secret: str = WAREHOUSE_SECRET, age: int = 0, name: str = "n-1") -> Any:
    """By the specification's own library."""
    at = datetime.fromtimestamp(time.time() - age, UTC)
    signature = Webhook(secret).sign(name, at, body)
    moment = str(int(at.timestamp()))
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": signature,
    }


def tell(client: Client, notice: Any, address: str = WAREHOUSE, **how: Any) -> int:
    body = notice if isinstance(notice, str) else json.dumps(notice)
    headers = how.pop("headers", None) or signed(body, **how)
    answer = client.post(address, body, content_type="application/json", headers=headers)
    return answer.status_code


def test_it_is_stored_once_with_its_event_however_often_it_is_told(customer: Client) -> None:
    assert [tell(customer, a_notice()) for _ in range(3)] == [200, 200, 200]

    [notice], [event] = IncomingNotice.objects.all(), Event.objects.all()
    assert (notice.source, notice.about) == ("supplier warehouse", "H-1-abcdefgh")
    assert event.payload == {"notice_id": notice.pk, "supplier": "warehouse"}
    assert notice.content is not None
    assert notice.content["lines"] == {"PR-001": 1}


@pytest.mark.django_db(transaction=True)
def test_told_twice_at_once_it_is_one(customer: Client) -> None:
    together, answers = threading.Barrier(6), []

    def ask() -> None:
        together.wait()
        answers.append(tell(Client(), a_notice()))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 6
    assert (IncomingNotice.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("address", "how"),
    [
        (WAREHOUSE, {"secret": PRINT_ROOM_SECRET}),
        ("/suppliers/print-room/notices/", {"secret": WAREHOUSE_SECRET}),
        (WAREHOUSE, {"age": 305}),
        (WAREHOUSE, {"age": -360}),
        (WAREHOUSE, {"headers": {"webhook-id": "n-1"}}),
        (WAREHOUSE, {"headers": {"webhook-signature": "v1,nonsense"}}),
        (WAREHOUSE, {"headers": signed(json.dumps(a_notice(state="delivered")))}),
    ],
    ids=["another's", "another's address", "old", "ahead", "unsigned", "nonsense", "other bytes"],
)
def test_one_supplier_cannot_speak_for_another_nor_anybody_for_one(
    customer: Client, address: str, how: dict[str, Any]
) -> None:
    assert tell(customer, a_notice(), address, **how) == 400
    assert not IncomingNotice.objects.exists()
    assert not Event.objects.exists()


def test_the_same_name_of_two_suppliers_is_two_notices(customer: Client) -> None:
    assert tell(customer, a_notice()) == 200
    assert tell(customer, a_notice(), PRINT, secret=PRINT_ROOM_SECRET) == 200
    assert IncomingNotice.objects.count() == 2


PRINT = "/suppliers/print-room/notices/"


@pytest.mark.parametrize("secret", [NEXT_WAREHOUSE_SECRET, WAREHOUSE_SECRET])
def test_while_a_secret_is_replaced_both_are_good(customer: Client, secret: str) -> None:
    assert tell(customer, a_notice(), secret=secret) == 200


def test_without_a_secret_nobody_is_believed(customer: Client, settings: Settings) -> None:
    settings.SUPPLIER_WEBHOOK_SECRETS = {}

    assert tell(customer, a_notice()) == 400


@pytest.mark.parametrize(
    "body",
    [
        *("", "null", "[]", "{}", '"text"', "[" * 100_000, "7", "NaN", "\x00"),
        json.dumps(a_notice() | {"data": []}),
        json.dumps(a_notice() | {"timestamp": "0001-01-01T00:00:00+14:00"}),
        json.dumps(a_notice(order="")),
        json.dumps(a_notice(order="H" * 91)),
        json.dumps(a_notice(order="H-1\x00")),
        json.dumps(a_notice(shipment="P" * 61)),
        json.dumps(a_notice(shipment=["P"])),
        json.dumps(a_notice(lines=[])),
    ],
    ids=lambda body: body[:20],  # without the time
)
def test_what_is_signed_and_no_notice_is_refused(customer: Client, body: str) -> None:
    assert tell(customer, body) == 400
    assert not IncomingNotice.objects.exists()


def test_what_does_not_concern_us_is_thanked_for(customer: Client) -> None:
    assert tell(customer, a_notice() | {"type": "stock.counted"}) == 200
    assert not IncomingNotice.objects.exists()


def test_too_much_is_refused_and_nobody_looks(customer: Client) -> None:
    assert tell(customer, json.dumps(a_notice()) + " " * 262_144) == 413
    assert customer.get(WAREHOUSE).status_code == 405
    assert customer.post("/suppliers/box-office/notices/").status_code == 404


def test_its_job_takes_it_in(customer: Client, paid_order: Order, run: Run) -> None:
    sku = paid_order.lines.get(kind="print").sku
    lines = [{"sku": sku, "quantity": 1}]
    notice = a_notice(paid_order.reference, lines=lines)
    assert tell(customer, notice, PRINT, secret=PRINT_ROOM_SECRET) == 200
    [event] = Event.objects.filter(type=ShipmentNoticed.type)
    for _ in range(2):
        for handler in HANDLERS[ShipmentNoticed.type]:
            for spec in handler(ShipmentNoticed.restore(event.payload)):
                assert run(spec).state == "done"

    assert Shipment.objects.get().state == "packed"
    assert ShipmentNotice.objects.count() == 1
