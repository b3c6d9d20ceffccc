"""The three systems that hold what we sell: print room, warehouse, box office. One protocol."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from deferral.errors import Bury
from deferral.external.breakers import Call
from deferral.external.exchanges import Answer, Limits
from deferral.external.http import ask, tell
from deferral.external_services import ExternalService, external_service
from orders.models import Order
from shop.models import Product

PRINT_ROOM, WAREHOUSE, BOX_OFFICE = map(external_service, ("print room", "warehouse", "box office"))
SERVICES: Mapping[str, ExternalService] = {
    Product.Supplier.PRINT_ROOM: PRINT_ROOM,
    Product.Supplier.WAREHOUSE: WAREHOUSE,
    Product.Supplier.BOX_OFFICE: BOX_OFFICE,
}
# The same systems, asked for news: one that cannot answer may still reserve.
ASKED: Mapping[str, ExternalService] = {
    name: external_service(f"{service}, asked for news") for name, service in SERVICES.items()
}
# Seconds, and bytes: an order may have hundreds of parcels.
LIMITS = Limits(part=15, whole=20, most_read=1_048_576)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """So many pieces of one article."""

    sku: str
    quantity: int


def reserve(supplier: str, *, order: Order, lines: Sequence[Quantity], key: str) -> None:
    """Have `supplier` set these aside for `order`. Safe to repeat with its key. Retry, Bury."""
    _post(supplier, "reservations", key, order=order, lines=lines)


def release(
    supplier: str, *, order: Order, lines: Sequence[Quantity], key: str, part: str = ""
) -> None:
    """Have `supplier` put them back. Safe to repeat with its key. Retry, Bury.

    `part` names a part of an order that is else as it was; without it, it is all that is left.
    """
    about = {"part": part} if part else {}
    _post(supplier, "releases", key, order=order, lines=lines, **about)


def shipments_of(supplier: str, *, order: Order, key: str) -> list[Any]:
    """What `supplier` has to say of its parcels for the order: each as it would tell it by itself.

    Nothing is believed of the answer but that it is a list. Retry, Bury.
    """
    content = {"order": order.reference, "number": order.number}
    url = f"{_addresses()[supplier]}/inquiries"
    return ask(ASKED[supplier], url, key=key, content=content, limits=LIMITS, read=_parcels)


def _parcels(answer: Answer, _call: Call) -> list[Any]:
    """Bury for what is no JSON, or more than we read: asked again, it would say the same."""
    if not answer.is_whole:
        cause = "a supplier answered more than we read"
        reason = f"{cause}: {LIMITS.most_read} bytes"
        raise Bury(reason, cause=cause)
    try:
        found = json.loads(answer.text)
    except (ValueError, RecursionError) as error:
        cause = "a supplier answered what cannot be read"
        reason = f"{cause}: {answer.text[:200]}"
        raise Bury(reason, cause=cause) from error
    said = found.get("shipments") if isinstance(found, dict) else None
    return said if isinstance(said, list) else []


def _post(
    supplier: str, what: str, key: str, *, order: Order, lines: Sequence[Quantity], **about: str
) -> None:
    content = {
        "order": order.reference,
        "number": order.number,
        **about,
        "lines": [{"sku": line.sku, "quantity": line.quantity} for line in lines],
    }
    tell(
        SERVICES[supplier],
        f"{_addresses()[supplier]}/{what}",
        key=key,
        content=content,
    )


def _addresses() -> Mapping[str, str]:
    return {
        Product.Supplier.PRINT_ROOM: settings.PRINT_ROOM_URL,
        Product.Supplier.WAREHOUSE: settings.WAREHOUSE_URL,
        Product.Supplier.BOX_OFFICE: settings.BOX_OFFICE_URL,
    }
