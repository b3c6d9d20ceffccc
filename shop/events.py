"""What happens to products and to stock, and who looks for an order. Payloads are ids."""

from deferral.events import DomainEvent, event

# Products in one event, and so in one job of whoever reacts: their numbers fit into its arguments.
MOST_AT_ONCE = 1_000


@event("shop.product_changed")
class ProductChanged(DomainEvent):
    """A product was made, changed or deleted, with what belongs to it; this is its version now.

    Of what was deleted it is the one that came next. Not for stock that is counted.
    """

    product_id: int
    version: int


@event("shop.products_changed")
class ProductsChanged(DomainEvent):
    """The same of many in one transaction. `change` is a name that it alone has."""

    change: str
    product_ids: list[int]


@event("shop.goods_taken_back")
class GoodsTakenBack(DomainEvent):
    """What a refund was for may be sold again here; its suppliers have still to be told."""

    order_id: int
    refund_id: int


@event("shop.order_link_requested")
class OrderLinkRequested(DomainEvent):
    """A guest looks for an order. Nobody has looked yet whether there is one."""

    link_id: int
