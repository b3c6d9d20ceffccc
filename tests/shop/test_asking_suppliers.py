"""A supplier that says nothing is asked, by its own service, and its answer is a notice."""

from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest

from deferral.errors import Bury
from deferral.external.exchanges import Answer
from deferral.models import Event, IncomingNotice, Job
from orders.events import ShipmentNoticed, SupplierSilent
from orders.models import Consignment, Order
from orders.shipments.recording import hear
from shop import gateway
from shop.handlers import ask_supplier
from tests.shop.conftest import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(paid_order: Order, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the print room will say when it is asked."""
    answer: list[Any] = []
    monkeypatch.setattr(gateway, "shipments_of", lambda *_, **__: answer)
    Consignment.objects.create(order=paid_order, supplier="print_room", ask_at=datetime.now(UTC))
    return answer


def ask(order: Order, run: Run, times: int = 1) -> Job:
    fact = SupplierSilent(order_id=order.pk, supplier="print_room", times=times, tag=f"t{times}")
    [spec] = ask_supplier(fact)
    assert spec.service == gateway.ASKED["print_room"] != gateway.PRINT_ROOM
    assert spec.key == f"inquire_print_room:{order.reference}:t{times}"
    return run(spec)


def a_parcel(order: Order, state: str = "packed", **changes: Any) -> dict[str, Any]:
    line = order.lines.get(kind="print")
    data = {"order": order.reference, "shipment": "P-1"}
    lines = [{"sku": line.sku, "quantity": 1}]
    moment = datetime.now(UTC).isoformat()
    notice = {"type": f"shipment.{state}", "timestamp": moment, "data": {**data, "lines": lines}}
    return notice | changes


def test_its_answer_goes_the_way_of_a_notice_and_the_same_again_is_no_news(
    paid_order: Order, asked: list[Any], run: Run
) -> None:
    asked.append(a_parcel(paid_order))
    for times in (1, 2):
        assert ask(paid_order, run, times).state == "done"

    [event] = Event.objects.filter(type=ShipmentNoticed.type)
    hear(**event.payload)
    assert paid_order.shipments.get().state == "packed"
    assert Consignment.objects.get().news_at is not None


@pytest.mark.parametrize("odd", [7, None, "packed", {}, [], {"type": "shipment.packed"}])
def test_what_of_it_is_no_notice_is_left_out_and_is_no_news(
    paid_order: Order, asked: list[Any], run: Run, odd: object
) -> None:
    asked.append(odd)
    assert ask(paid_order, run).state == "done"

    assert not IncomingNotice.objects.exists()
    assert Consignment.objects.get().news_at is None


def test_nothing_said_is_no_news(paid_order: Order, asked: list[Any], run: Run) -> None:
    ask(paid_order, run)

    assert Consignment.objects.get().news_at is None


def test_more_than_we_read_is_said_as_that() -> None:
    with pytest.raises(Bury, match="more than we read"):
        gateway._parcels(Answer(status=200, text='{"shipments": [', is_whole=False), mock.Mock())
