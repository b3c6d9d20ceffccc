"""What happens to orders. Payloads are ids; subscribers read the rest fresh."""

from typing import Any, Self

from deferral.events import DomainEvent, event


@event("orders.order_paid")
class OrderPaid(DomainEvent):
    """The money is ours, or none was asked for: everything the customer was promised is now due."""

    order_id: int


@event("orders.payment_unknown")
class PaymentUnknown(DomainEvent):
    """The provider did not answer, or we died before hearing it: somebody must ask."""

    order_id: int
    attempt_id: int


@event("orders.payment_at_bank")
class PaymentAtBank(DomainEvent):
    """The customer was sent to their bank (3-D Secure), and may never come back: somebody asks."""

    order_id: int
    attempt_id: int


@event("orders.payment_failed")
class PaymentFailed(DomainEvent):
    """No money came, and its customer was not there to be told. The stock is kept for a while."""

    order_id: int
    attempt_id: int


@event("orders.payment_noticed")
class PaymentNoticed(DomainEvent):
    """The provider says that something happened to a payment: somebody must ask what."""

    notice_id: int
    kind: str
    provider_ref: str


@event("orders.payment_too_late")
class PaymentTooLate(DomainEvent):
    """Money came for an order that had failed. It goes back; customer and staff shall know."""

    order_id: int


@event("orders.books_differ")
class BooksDiffer(DomainEvent):
    """Our books and the provider's were compared, and somebody has to look at what differs."""

    reconciliation_id: int


@event("orders.order_cancelled")
class OrderCancelled(DomainEvent):
    """Staff called a paid order off: goods are given back. Its refund is decided with it."""

    order_id: int


@event("orders.refund_requested")
class RefundRequested(DomainEvent):
    """Money of an order is to go back, all or a part; the provider has still to be asked."""

    order_id: int
    refund_id: int


@event("orders.partly_refunded")
class PartlyRefunded(DomainEvent):
    """The provider gave a part of the money back; the order is as it was."""

    order_id: int
    refund_id: int


@event("orders.order_refunded", schema_version=2)
class OrderRefunded(DomainEvent):
    """The provider gave the money back, or the last part of it: `refund_id`.

    `again` is the refund's tag where that had been so before, and the money had come back to us.
    Version 1 did not say so: to it an order is refunded for the first time.
    """

    order_id: int
    refund_id: int
    again: str

    @classmethod
    def restore(cls, payload: dict[str, Any]) -> Self:
        """Of version 1 too: older code publishes it while newer code is put in place."""
        return super().restore({"again": ""} | payload)


@event("orders.refund_refused")
class RefundRefused(DomainEvent):
    """This money does not go back: refused, or it failed. Somebody has to decide what happens."""

    order_id: int
    refund_id: int


@event("orders.refund_came_back")
class RefundCameBack(DomainEvent):
    """Money that had gone back is on our account again: its bank did not take it.

    What was said of it is wrong now, and somebody has to decide what happens instead.
    """

    order_id: int
    refund_id: int


@event("orders.order_not_refunded")
class OrderNotRefunded(DomainEvent):
    """By that what was said of an order is not so: it is not refunded, all or a part of it.

    One that was refunded is cancelled. `again` is the refund's tag.
    """

    order_id: int
    again: str


@event("orders.shipment_noticed")
class ShipmentNoticed(DomainEvent):
    """A supplier says something of a parcel, by itself or because it was asked."""

    notice_id: int
    supplier: str


@event("orders.shipment_sent")
class ShipmentSent(DomainEvent):
    """A parcel has left its sender: once for each, however much was said of it before and since."""

    order_id: int
    shipment_id: int


@event("orders.supplier_silent")
class SupplierSilent(DomainEvent):
    """A supplier has said nothing of its part of an order for too long: somebody must ask it.

    `times`: how often it will have been asked by then. `tag` names this question: after a restore
    the times come again, and one that knows our keys would say what it said before.
    """

    order_id: int
    supplier: str
    times: int
    tag: str


def once_more(key: str, again: str) -> str:
    """A key of its own for what has happened to an order before (`again` of some events)."""
    return f"{key}:{again}" if again else key
