"""What of an order may be sent back, until when, and why not."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from orders.models import Order, OrderLine
from orders.payments.refunds.sums import Back, back_of, void_lines
from orders.selectors import spoken_for_by_returns

NOT_KEPT = "Only what is paid for, and was not given back, can be sent back."
NOTHING_PAID = "Nothing was paid for this order, so there is no money to give back."
TOO_LATE = "What is in this order could be sent back until {day}."
NO_PARCEL = "It comes in no parcel, so it cannot be sent back."
FREE = "It was free: there is no money to give back."
ALL_GONE = "All of it is on its way back, or its money was given back."


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """So many of a line at most; or why none."""

    line: OrderLine
    most: int = 0
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Each line of an order. `hindrance`: why nothing of it can be sent back, whatever it is."""

    hindrance: str
    last_day: date | None
    lines: tuple[Offered, ...]

    @property
    def is_open(self) -> bool:
        """Whether there is anything to be sent back."""
        return not self.hindrance and any(one.most for one in self.lines)


def last_day_of(order: Order) -> date | None:
    """The last on which a return may be asked for. None of what never was paid.

    The days count from the arrival of the last parcel, where one was told of (Directive 2011/83/EU,
    Article 9: from possession), otherwise from the payment.
    """
    if order.paid_at is None:
        return None
    begins = max(order.paid_at, order.delivered_at or order.paid_at)
    return timezone.localdate(begins) + timedelta(days=settings.RETURN_DAYS)


def hindrance(order: Order, back: Back, now: datetime | None = None) -> str:
    """Why nothing of it can be sent back now, in a sentence for its customer. Empty: something can.

    No query.
    """
    last_day = last_day_of(order)
    if order.state != Order.State.PAID or order.is_closing or back.is_spent or last_day is None:
        return NOT_KEPT
    if order.is_free:
        return NOTHING_PAID
    if timezone.localdate(now) > last_day:
        return TOO_LATE.format(day=date_format(last_day, "j F Y"))
    return ""


def why_not(line: OrderLine) -> str:
    """Why this line never comes back, however many of it are kept. Empty: it may."""
    if not line.is_shipped:
        return NO_PARCEL
    return "" if line.unit_cents else FREE


def offer_of(order: Order) -> Offer:
    """As it stands now. Three queries of an order of which nothing went back or is to come back."""
    back, open_ = back_of(order.pk), open_by_line(order.pk)
    return Offer(
        hindrance=hindrance(order, back),
        last_day=last_day_of(order),
        lines=tuple(_offered(line, back, open_) for line in order.lines.all()),
    )


def open_by_line(order_id: int) -> Counter[int]:
    """How many of each line returns that are open speak for, and no refund does yet."""
    open_ = spoken_for_by_returns(order_id)
    for row in void_lines(order_id) if open_ else ():
        if row.refund.of_return_id is not None:
            open_[row.refund.of_return_id, row.line_id] -= row.quantity
    found: Counter[int] = Counter()
    for (_, line_id), quantity in open_.items():
        found[line_id] += max(0, quantity)
    return found


def _offered(line: OrderLine, back: Back, open_: Counter[int]) -> Offered:
    if why := why_not(line):
        return Offered(line=line, why=why)
    most = line.quantity - back.of(line).quantity - open_[line.pk]
    return Offered(line=line, most=most) if most > 0 else Offered(line=line, why=ALL_GONE)
