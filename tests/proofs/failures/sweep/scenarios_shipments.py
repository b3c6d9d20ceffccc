"""Scenarios in which suppliers tell of parcels, or do not."""

import json
from datetime import UTC, datetime
from functools import partial

import requests
from django.db import transaction
from django.db.models.functions import Now
from standardwebhooks import Webhook

from deferral.enqueueing import enqueue
from deferral.models import Event, Job
from deferral.names import new_tag
from orders.events import ShipmentSent, SupplierSilent
from orders.models import Consignment, Order, Shipment, ShipmentNotice
from tests.proofs.failures.sweep.scenarios import passes, passes_in_threads
from tests.proofs.failures.sweep.visited_shop import VisitedShop
from tests.rig.running_shop import EFFECTS
from tests.rig.surroundings import PRINT_ROOM_SECRET

ARRIVED = ("mail", "Your order has been delivered")


@passes_in_threads("shipment_written")
def told_of_a_parcel(shop: VisitedShop) -> Order:
    """Last things first, one of them twice, until each is thanked for: one parcel, one mail."""
    order = shop.whole(shop.order(), EFFECTS)
    for state in ("delivered", "on_its_way", "packed", "delivered"):
        shop.until(partial(is_thanked, shop, a_notice(order, state)))
        arrived = Shipment.objects.filter(order=order, state="delivered")
        shop.until(arrived.exists)
    shop.until(ShipmentNotice.objects.filter(order=order)[3:].exists)
    of_it = Event.objects.filter(subject=order.subject, type=ShipmentSent.type)
    assert of_it.count() == 1
    return shop.whole(order, EFFECTS | {ARRIVED: 1})


@passes("silence_found")
def said_nothing(shop: VisitedShop) -> Order:
    """The print room is asked, once for the time that has gone by."""
    order = shop.whole(shop.order(), EFFECTS)
    Consignment.objects.filter(order=order).update(ask_at=Now())
    with transaction.atomic():
        key = f"silent:{new_tag()}"
        enqueue("orders.find_silent_suppliers", key=key, subject=order.subject)
    asked = {"subject": order.subject, "task": "shop.inquire", "state": "done"}
    shop.until(Job.objects.filter(**asked).exists)
    found = Event.objects.filter(subject=order.subject, type=SupplierSilent.type)
    assert found.count() == 1
    return shop.whole(order, EFFECTS)


def a_notice(order: Order, state: str) -> tuple[str, str]:
    """Its name, and what is in it."""
    sku = order.lines.get(kind="print").sku
    data = {"order": order.reference, "shipment": "P-1", "lines": [{"sku": sku, "quantity": 1}]}
    moment = datetime.now(UTC).isoformat()
    said = {"type": f"shipment.{state}", "timestamp": moment, "data": data}
    return f"notice-{new_tag()}", json.dumps(said)


def is_thanked(shop: VisitedShop, notice: tuple[str, str]) -> bool:
    """Signed anew, and sent. Whether the shop has taken it."""
    name, body = notice
    now = datetime.now(UTC)
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(PRINT_ROOM_SECRET).sign(name, now, body),
    }
    address = f"{shop.address}/suppliers/print-room/notices/"
    try:
        return requests.post(address, body, headers=headers, timeout=10).ok
    except requests.ConnectionError:
        return False
