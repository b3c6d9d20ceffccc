"""What happens to stock. Payloads are ids."""

from deferral.events import DomainEvent, event


@event("shop.goods_taken_back")
class GoodsTakenBack(DomainEvent):
    """What a refund was for may be sold again here; its suppliers have still to be told."""

    order_id: int
    refund_id: int
