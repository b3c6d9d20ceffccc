"""The end of a customer's page of an order: what is in which parcel, and where each is."""

from dataclasses import dataclass
from datetime import datetime

from orders.models import Order, Shipment, ShipmentLine
from orders.payments.refunds.sums import Back
from orders.shipments.showing import ToCome, consignments_of, shipments_of, to_come

SEEN_TO = "This needs one of us: we have been told, and will see to it."
TIMES = "\N{MULTIPLICATION SIGN}"
# What is said of each state.
SAID = {
    Shipment.State.ANNOUNCED: "Being prepared",
    Shipment.State.PACKED: "Packed, waiting for its carrier",
    Shipment.State.REFUSED: "Cannot be sent",
    Shipment.State.ON_ITS_WAY: "On its way",
    Shipment.State.LOST: "Its carrier cannot find it",
    Shipment.State.DELIVERED: "Delivered",
    Shipment.State.RETURNED: "Brought back to its sender",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One of them, as it is read. `since` is a moment of the supplier's; `follow` an address."""

    slug: str
    state: str
    said: str
    since: datetime
    inside: tuple[str, ...]
    note: str = ""
    carrier: str = ""
    number: str = ""
    follow: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcels:
    """All of an order's. `rest`: what is in none of them. `awaited`: news will come."""

    parcels: tuple[Parcel, ...] = ()
    rest: tuple[str, ...] = ()
    awaited: bool = False

    def __bool__(self) -> bool:
        return bool(self.parcels) or self.awaited


NOTHING = Parcels()


def parcels_of(order: Order, back: Back) -> Parcels:
    """One query for an order that nobody carries anything of; of one not paid for, none."""
    consignments = consignments_of(order.pk) if order.paid_at else []
    if not consignments:
        return NOTHING
    is_paid = order.state == Order.State.PAID
    shipments = shipments_of(order.pk)
    is_open = any(one.ask_at is not None for one in consignments)
    awaited = is_paid and (is_open or any(one.needs_staff for one in shipments))
    rest = to_come(order, shipments, back) if is_paid else []
    return Parcels(
        parcels=tuple(map(parcel_of, shipments)),
        rest=tuple(map(in_words, rest)),
        awaited=awaited,
    )


def in_words(one: ShipmentLine | ToCome) -> str:
    """How many of what."""
    return f"{one.quantity} {TIMES} {one.line.title}"


def parcel_of(shipment: Shipment) -> Parcel:
    """As it stands."""
    return Parcel(
        slug=shipment.tag,
        state=shipment.state,
        said=SAID[Shipment.State(shipment.state)],
        since=shipment.since,
        inside=tuple(in_words(row) for row in shipment.lines.all()),
        note=SEEN_TO if shipment.needs_staff else "",
        carrier=shipment.carrier,
        number=shipment.tracking_number,
        follow=shipment.tracking_url,
    )
