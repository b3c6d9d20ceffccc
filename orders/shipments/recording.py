"""A notice is taken in: kept, judged, and the parcels made anew of all that was said."""

from datetime import datetime

import structlog
from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.models import IncomingNotice
from orders.models import Order, ShipmentNotice
from orders.shipments.called_off import sent_all_the_same
from orders.shipments.judging import carried_part, misfit_of
from orders.shipments.refreshing import refresh

log = structlog.get_logger(__name__)


@transaction.atomic
def hear(*, notice_id: int, supplier: str) -> None:
    """Record what a supplier said of a parcel. Safe to repeat, and in any order.

    What is wrong with it is kept with it, for staff, and changes nothing. What was said before is
    no news, and changes nothing either.
    """
    incoming = IncomingNotice.objects.get(pk=notice_id)
    order = _locked(incoming.about)
    notice, is_new = _kept(incoming, supplier, order)
    if notice.misfit:
        log.warning("shipment_misfit", supplier=supplier, about=incoming.about, why=notice.misfit)
    if order is not None and is_new and not notice.refused:
        refresh(order, supplier, is_news=True)
    crashpoint("shipment_written")


def _locked(reference: str) -> Order | None:
    """By what everybody outside calls it: a number alone comes again after a restore."""
    number, _, tag = reference.rpartition("-")
    meant = Order.objects.filter(number=number, tag=tag)
    return meant.select_for_update().prefetch_related("lines").first()


def _kept(
    incoming: IncomingNotice, supplier: str, order: Order | None
) -> tuple[ShipmentNotice, bool]:
    """Its row, by the supplier's name for it, judged once; and whether it is new."""
    found = ShipmentNotice.objects.filter(supplier=supplier, name=incoming.external_id).first()
    if found is not None:
        return found, False
    content = dict(incoming.content or {})
    refusal = misfit_of(order, supplier, content, incoming.received_at)
    wrong = [refusal, content.pop("misfit")]
    if order is not None and not refusal:
        part = carried_part(order, supplier)
        wrong.append(sent_all_the_same(order, supplier, part, content))
    said_at = datetime.fromisoformat(content.pop("said_at"))
    notice = ShipmentNotice.objects.create(
        order=order,
        order_ref=incoming.about,
        supplier=supplier,
        name=incoming.external_id,
        said_at=said_at,
        received_at=incoming.received_at,
        refused=bool(refusal),
        misfit=" ".join(filter(None, wrong))[:300],
        **content,
    )
    return notice, True
