"""What happens to returns. Payloads are ids; subscribers read the rest fresh.

That its money went back is told by its refund's events.
"""

from deferral.events import DomainEvent, event


@event("orders.return_asked")
class ReturnAsked(DomainEvent):
    """A customer wants to send goods back."""

    order_id: int
    return_id: int


@event("orders.return_approved")
class ReturnApproved(DomainEvent):
    """The goods may be sent: its customer has to know where, and under which name."""

    order_id: int
    return_id: int


@event("orders.return_refused")
class ReturnRefused(DomainEvent):
    """The goods are not taken back; its customer has to know why."""

    order_id: int
    return_id: int


@event("orders.return_arrived")
class ReturnArrived(DomainEvent):
    """The goods are here, or some of them. What is paid for them was decided with it."""

    order_id: int
    return_id: int
