"""Orders, lines, parcels, and each attempt to be paid. Money is integer cents, tax included."""

from orders.models.consignments import Consignment
from orders.models.lines import OrderLine
from orders.models.order import Order, new_link_token
from orders.models.payments import PaymentAttempt
from orders.models.reconciliation import Reconciliation
from orders.models.refunds import Refund, RefundLine
from orders.models.returns import Return, ReturnLine
from orders.models.shipment_notices import ShipmentNotice
from orders.models.shipments import Shipment, ShipmentLine

__all__ = [
    "Consignment",
    "Order",
    "OrderLine",
    "PaymentAttempt",
    "Reconciliation",
    "Refund",
    "RefundLine",
    "Return",
    "ReturnLine",
    "Shipment",
    "ShipmentLine",
    "ShipmentNotice",
    "new_link_token",
]
