"""Payments, and what went back of them."""

from django.db.models import F

from orders.models import PaymentAttempt, Refund
from reports.exports.columns import Column, Kind
from reports.exports.datasets import Dataset, of_list

MONEY, TIME = Kind.MONEY, Kind.TIME
ORDER = Column("order_number", "Order")
CURRENCY = Column("currency", "Currency", width=0.7)

PAYMENTS = Dataset(
    name="payments",
    title="Payments",
    model=PaymentAttempt,
    listed=PaymentAttempt,
    rows=lambda: PaymentAttempt.objects.annotate(
        order_number=F("order__number"), currency=F("order__currency")
    ),
    narrow=of_list("pk"),
    columns=(
        ORDER,
        Column("created_at", "Asked", TIME, 2.0),
        Column("state", "State"),
        CURRENCY,
        Column("amount_cents", "Amount", MONEY),
        Column("refunded_cents", "Refunded", MONEY),
        Column("provider_ref", "Provider's reference", width=2.2),
        Column("card", "Card", width=1.4),
        Column("reason", "Reason", width=2.2),
        Column("settled_at", "Settled", TIME, 2.0),
    ),
)

REFUNDS = Dataset(
    name="refunds",
    title="Refunds",
    model=Refund,
    listed=PaymentAttempt,
    rows=lambda: Refund.objects.annotate(
        order_number=F("payment__order__number"), currency=F("payment__order__currency")
    ),
    narrow=of_list("payment"),
    columns=(
        ORDER,
        Column("requested_at", "Decided", TIME, 2.0),
        Column("state", "State"),
        CURRENCY,
        Column("amount_cents", "Amount", MONEY),
        Column("by", "By", width=1.8),
        Column("reason", "Reason", width=2.2),
        Column("refusal", "Refusal", width=1.6),
        Column("provider_ref", "Provider's reference", width=2.0),
        Column("settled_at", "Settled", TIME, 2.0),
    ),
)
