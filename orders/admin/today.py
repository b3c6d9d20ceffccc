"""Today's orders on the admin's first page, hour by hour."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour
from django.urls import reverse
from django.utils import timezone

from deferral.first_page import Card, Panel, on_first_page
from orders.admin.money import money
from orders.models import Order, PaymentAttempt
from orders.selectors import refused_payments

LATELY = timedelta(hours=1)
REFUSED = "The payment provider has refused {count} payment{s} of the last hour for good."
LOOK = "What we ask of it, or our key, is wrong: the log says why (payment_refused)."

# The chart, in its own units.
HEIGHT, BAR, GAP = 170, 22, 6


@on_first_page("orders.view_order")
def today() -> Iterator[Panel]:
    """Three queries, of the day's rows alone."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    hours = by_hour(midnight)
    placed, paid = (sum(row[name] for row in hours) for name in ("placed", "paid"))
    taken = money(sum(row["cents"] or 0 for row in hours) - went_back(midnight), "eur")
    address = f"{reverse('admin:orders_order_changelist')}?created_at__gte={midnight.date()}"
    yield Panel(
        title="Orders today",
        template="admin/orders/panels/today.html",
        context={"bars": bars(hours), "hours": hours, "placed": placed, "paid": paid},
        cards=(
            Card(label="Orders today", value=f"{placed:,}", note=f"{paid:,} paid", address=address),
            Card(label="Taken today", value=taken, note="paid, less what went back"),
        ),
        warnings=tuple(refusals()),
        place=20,
    )


def refusals() -> Iterator[str]:
    """Customers are told that the fault is ours; who can mend it must be told too."""
    if count := refused_payments(since=LATELY):
        yield f"{REFUSED.format(count=count, s='' if count == 1 else 's')} {LOOK}"


def by_hour(midnight: datetime) -> list[dict[str, Any]]:
    """Orders placed in each hour of the shop's day, those paid, and their money."""
    kept = Q(state=Order.State.PAID)
    found: QuerySet[Order, Any] = (
        Order.objects.filter(created_at__gte=midnight)
        .order_by()
        .values(hour=ExtractHour("created_at"))
        .annotate(
            placed=Count("id"),
            paid=Count("id", filter=Q(paid_at__isnull=False)),
            cents=Sum("total_cents", filter=kept),
        )
    )
    return sorted(found, key=lambda row: int(row["hour"]))


def went_back(midnight: datetime) -> int:
    """Cents of the day's orders that went back, while the order stayed paid."""
    today = Q(order__created_at__gte=midnight, order__state=Order.State.PAID)
    sums = PaymentAttempt.objects.filter(today).aggregate(cents=Sum("refunded_cents"))
    return sums["cents"] or 0


def bars(hours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """24 of them. Paid stands below, what was not paid on top of it."""
    most = max((row["placed"] for row in hours), default=0) or 1
    known = {row["hour"]: row for row in hours}
    return [bar(hour, known.get(hour), most) for hour in range(24)]


def bar(hour: int, row: dict[str, Any] | None, most: int) -> dict[str, Any]:
    """Where one hour stands, and how high."""
    placed, paid = (row["placed"], row["paid"]) if row else (0, 0)
    paid_height = round(paid / most * HEIGHT)
    rest = round(placed / most * HEIGHT) - paid_height
    return {
        "hour": f"{hour:02}",
        "x": hour * (BAR + GAP) + GAP,
        "middle": hour * (BAR + GAP) + GAP + BAR // 2,
        "top": HEIGHT - paid_height,
        "height": paid_height,
        "rest_top": HEIGHT - paid_height - rest,
        "rest": rest,
        "label": not hour % 3,
    }
