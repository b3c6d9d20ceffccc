"""Suppliers that tell of parcels, as the inbox has taken it in."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from deferral.inbox.receiving import keep
from deferral.models import IncomingNotice
from orders.models import Order, Shipment, ShipmentNotice
from orders.shipments.reading import notice_of
from orders.shipments.recording import hear
from shop.supplier_notices import SOURCES

_numbers = itertools.count(1)
# The whole way, each a minute after the one before.
STORY = ("announced", "packed", "on_its_way", "delivered")
FOLLOW = "https://post.example/follow/7"


def said(order: Order | str, state: str, lines: dict[str, int], **more: Any) -> dict[str, Any]:
    """As a supplier writes it. `minutes`: since the order was paid for, about."""
    reference = order if isinstance(order, str) else order.reference
    minutes = more.pop("minutes", STORY.index(state) if state in STORY else 2)
    moment = more.pop("at", datetime.now(UTC) + timedelta(minutes=minutes))
    content = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
    data = {"order": reference, "shipment": "P-1", "lines": content, **more}
    return {"type": f"shipment.{state}", "timestamp": moment.isoformat(), "data": data}


def stored(notice: dict[str, Any], supplier: str = "warehouse", name: str = "") -> int:
    """In the inbox, with its event."""
    read = notice_of(name or f"n-{next(_numbers)}", notice)
    assert read is not None
    keep(SOURCES[supplier], read)
    row = IncomingNotice.objects.get(source=SOURCES[supplier].name, external_id=read.external_id)
    return row.pk


def told(notice: dict[str, Any], supplier: str = "warehouse", name: str = "") -> ShipmentNotice:
    """And its job was done."""
    pk = stored(notice, supplier, name)
    hear(notice_id=pk, supplier=supplier)
    name = IncomingNotice.objects.get(pk=pk).external_id
    return ShipmentNotice.objects.get(supplier=supplier, name=name)


def end_of(order: Order) -> list[tuple[object, ...]]:
    """All that stands of its parcels, but for what is random."""
    facts = ("supplier", "name", "state", "since", "carrier", "tracking_number", "tracking_url")
    return sorted(
        (*(getattr(one, fact) for fact in (*facts, "excess", "corrected_by")), inside(one))
        for one in Shipment.objects.filter(order=order)
    )


def inside(shipment: Shipment) -> tuple[tuple[str, int], ...]:
    """What is in it."""
    return tuple((row.line.sku, row.quantity) for row in shipment.lines.select_related("line"))


def states(order: Order) -> dict[str, str]:
    """By the parcel's name."""
    return dict(Shipment.objects.filter(order=order).values_list("name", "state"))


def hear_all(pks: Iterable[int], supplier: str = "warehouse") -> None:
    """Their jobs, in this order."""
    for pk in pks:
        hear(notice_id=pk, supplier=supplier)
