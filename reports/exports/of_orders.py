"""Orders, their lines, and who ordered."""

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Subquery, Sum
from django.db.models.functions import Lower

from orders.models import Order, OrderLine
from reports.exports.columns import Column, Kind
from reports.exports.datasets import Dataset, Rows, of_list

NUMBER, MONEY, TIME = Kind.NUMBER, Kind.MONEY, Kind.TIME


def customers() -> Rows:
    """One row for each address, in any spelling: that of its first order."""
    orders = Order.objects.annotate(box=Lower("email"))
    same = orders.filter(box=OuterRef("box")).order_by().values("box")
    sums = {
        "orders": same.annotate(found=Count("pk")),
        "paid_cents": same.filter(paid_at__isnull=False).annotate(found=Sum("total_cents")),
        "first_at": same.annotate(found=Min("created_at")),
        "latest_at": same.annotate(found=Max("created_at")),
    }
    earlier = orders.filter(box=OuterRef("box"), pk__lt=OuterRef("pk"))
    return orders.filter(~Exists(earlier)).annotate(
        **{name: Subquery(one.values("found")) for name, one in sums.items()}
    )


def who_ordered(rows: Rows, listed: Rows) -> Rows:
    """Those of whom any order is in the list."""
    boxes = Order.objects.filter(pk__in=listed.order_by().values("pk"))
    return rows.filter(box__in=boxes.order_by().annotate(box=Lower("email")).values("box"))


ORDERS = Dataset(
    name="orders",
    title="Orders",
    model=Order,
    listed=Order,
    rows=Order.objects.all,
    narrow=of_list("pk"),
    columns=(
        Column("number", "Order"),
        Column("created_at", "Placed", TIME, 2.0),
        Column("state", "State", width=1.2),
        Column("name", "Name", width=1.6),
        Column("email", "E-mail", width=2.2),
        Column("address", "Address", width=2.2),
        Column("currency", "Currency", width=0.7),
        Column("subtotal_cents", "Subtotal", MONEY),
        Column("shipping_cents", "Shipping", MONEY),
        Column("tax_cents", "Tax", MONEY),
        Column("total_cents", "Total", MONEY),
        Column("paid_at", "Paid", TIME, 2.0),
        Column("refunded_at", "Refunded", TIME, 2.0),
    ),
)

ORDER_LINES = Dataset(
    name="order-lines",
    title="Order lines",
    model=OrderLine,
    listed=Order,
    rows=lambda: OrderLine.objects.annotate(
        order_number=F("order__number"),
        placed=F("order__created_at"),
        state=F("order__state"),
        currency=F("order__currency"),
    ),
    narrow=of_list("order"),
    columns=(
        Column("id", "Line", NUMBER, 0.7),
        Column("order_number", "Order"),
        Column("placed", "Placed", TIME, 2.0),
        Column("state", "State", width=1.0),
        Column("sku", "SKU", width=1.2),
        Column("kind", "Kind", width=0.8),
        Column("title", "Product", width=2.6),
        Column("quantity", "Quantity", NUMBER, 0.7),
        Column("currency", "Currency", width=0.7),
        Column("unit_cents", "Unit", MONEY),
        Column("tax_cents", "Tax", MONEY),
        Column("total_cents", "Total", MONEY),
    ),
)

CUSTOMERS = Dataset(
    name="customers",
    title="Customers",
    model=Order,
    listed=Order,
    rows=customers,
    narrow=who_ordered,
    columns=(
        Column("email", "E-mail", width=2.4),
        Column("name", "Name", width=1.8),
        Column("orders", "Orders", NUMBER, 0.7),
        Column("paid_cents", "Paid", MONEY),
        Column("first_at", "First order", TIME, 2.0),
        Column("latest_at", "Latest order", TIME, 2.0),
    ),
)
