"""Suppliers as senders of signed notices: each with secrets of its own."""

from collections.abc import Callable, Sequence

from deferral.inbox.source import Source
from deferral.inbox.standard import signed_source
from deferral.models import IncomingNotice
from deferral.slots import Slot
from orders.events import ShipmentNoticed
from orders.shipments.reading import read

# By the supplier's name.
SENDERS: Slot[Source] = Slot("the supplier")


def supplier_source(supplier: str, secrets: Callable[[], Sequence[str]]) -> Source:
    """The sender of one supplier's notices, known from now on.

    What it may speak of is decided where its notice is recorded: here nothing is looked up, so that
    it is answered in milliseconds.
    """

    def follows(notice: IncomingNotice) -> tuple[ShipmentNoticed, str]:
        fact = ShipmentNoticed(notice_id=notice.pk, supplier=supplier)
        return fact, f"parcel:{notice.about}"

    source = signed_source(name=f"supplier {supplier}", secrets=secrets, read=read, follows=follows)
    SENDERS.fill(supplier, source)
    return source
