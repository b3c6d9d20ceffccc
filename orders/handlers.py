"""What an order does about its own events: money goes back, parcels come on."""

from collections.abc import Iterator

from deferral.handlers import JobSpec, handles, job
from orders import tasks
from orders.events import RefundRequested, ShipmentNoticed
from orders.selectors import notice_name, refund_key


@handles(RefundRequested)
def give_money_back(fact: RefundRequested) -> Iterator[JobSpec]:
    """One job for each decision."""
    yield job(tasks.refund_payment, key=refund_key(fact.refund_id), refund_id=fact.refund_id)


@handles(ShipmentNoticed)
def hear_of_parcel(fact: ShipmentNoticed) -> Iterator[JobSpec]:
    """One for each notice: by its supplier's name for it, which another may use too."""
    key = f"hear_of_shipment:{fact.supplier}:{notice_name(fact.notice_id)}"
    yield job(tasks.hear_of_shipment, key=key, notice_id=fact.notice_id, supplier=fact.supplier)
