"""What happens to stock, and who looks for an order. Payloads are ids."""

from deferral.events import DomainEvent, event


@event("shop.goods_taken_back")
class GoodsTakenBack(DomainEvent):
    """What a refund was for may be sold again here; its suppliers have still to be told."""

    order_id: int
    refund_id: int


@event("shop.order_link_requested")
class OrderLinkRequested(DomainEvent):
    """A guest looks for an order. Nobody has looked yet whether there is one."""

    link_id: int
