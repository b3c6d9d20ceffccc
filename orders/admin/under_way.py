"""On the admin's first page: parcels that somebody has to see to, and suppliers that are silent."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.urls import reverse

from deferral.first_page import Card, Panel, on_first_page
from orders.models import ShipmentNotice
from orders.shipments.expecting import silent
from orders.shipments.showing import troubled

MOST = 100
NAMED = 5
SILENT = "The {supplier} was asked about order {number} and has said nothing: call them."


@on_first_page("orders.view_shipment")
def under_way() -> Iterator[Panel]:
    """Three queries, each of an index over what is open; nothing while nothing is."""
    parcels = troubled().count()
    misfits = ShipmentNotice.objects.filter(seen_at=None).exclude(misfit="").count()
    quiet = list(silent(now=datetime.now(UTC)).select_related("order")[:MOST])
    if not (parcels or misfits or quiet):
        return
    rows = [(one.supplier.replace("_", " "), one) for one in quiet]
    yield Panel(
        title="On its way",
        template="admin/orders/panels/under_way.html",
        context={"rows": rows, "parcels": parcels, "misfits": misfits},
        cards=tuple(cards(parcels, misfits, len(quiet))),
        warnings=tuple(
            SILENT.format(supplier=supplier, number=one.order.number)
            for supplier, one in rows[:NAMED]
        ),
        place=25,
    )


def cards(parcels: int, misfits: int, quiet: int) -> Iterator[Card]:
    """What there is of each."""
    if parcels:
        address = f"{reverse('admin:orders_shipment_changelist')}?needs=staff"
        yield Card(label="Parcels to see to", value=str(parcels), address=address, tone="bad")
    if misfits:
        address = f"{reverse('admin:orders_shipmentnotice_changelist')}?wrong=open"
        yield Card(label="Notices that do not fit", value=str(misfits), address=address, tone="bad")
    if quiet:
        note = "asked, and without an answer"
        yield Card(label="Silent suppliers", value=str(quiet), note=note, tone="bad")
