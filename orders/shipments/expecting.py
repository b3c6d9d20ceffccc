"""What is still to be heard of suppliers, and who is asked because nothing is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from deferral.crashpoints import crashpoint
from deferral.database.outage import unless_held_up
from deferral.events import publish
from deferral.names import new_tag
from orders.events import SupplierSilent
from orders.models import Consignment, Order, Shipment
from orders.payments.refunds.sums import back_of
from orders.shipments.judging import carried_part
from orders.shipments.remaining import remaining

# So many are asked about in one pass.
AT_ONCE = 500
# So long after it was asked a supplier is named to staff.
ANSWERS_WITHIN = timedelta(minutes=15)


def expect(*, order_id: int, supplier: str) -> None:
    """The supplier has taken its part on: from now on it owes news. Safe to repeat."""
    due = datetime.now(UTC) + settings.SUPPLIER_SILENCE
    row = Consignment(order_id=order_id, supplier=supplier, ask_at=due)
    Consignment.objects.bulk_create([row], ignore_conflicts=True)


def note_news(order: Order, supplier: str, *, part: Mapping[str, int]) -> None:
    """It has said something. It is not asked again once all of its part has come to an end."""
    now = datetime.now(UTC)
    facts = {"news_at": now, "ask_at": _due(order, supplier, part, now)}
    Consignment.objects.update_or_create(order=order, supplier=supplier, defaults=facts)


def note_correction(order: Order, supplier: str, *, part: Mapping[str, int]) -> None:
    """Staff have said something, which is no news of the supplier's: when it is asked stays as it
    is, unless all has come to an end by it, or is not at an end any more.
    """
    of_it = Consignment.objects.filter(order=order, supplier=supplier)
    due = _due(order, supplier, part, datetime.now(UTC))
    (of_it.filter(ask_at=None) if due else of_it).update(ask_at=due)


def answered(*, order_id: int, supplier: str) -> None:
    """It was asked, and had something to say, be it what was known."""
    of_it = Consignment.objects.filter(order_id=order_id, supplier=supplier)
    of_it.update(news_at=datetime.now(UTC))


def find_silent(*, now: datetime) -> int:
    """Have every supplier asked that has said nothing for too long; return how many."""
    due = (
        Consignment.objects.filter(ask_at__lte=now).order_by("ask_at").values_list("pk", flat=True)
    )
    count = 0
    for consignment in due[:AT_ONCE]:
        with unless_held_up(consignment):
            count += _ask(consignment, now)
    return count


@transaction.atomic
def _ask(consignment_id: int, now: datetime) -> bool:
    row = Consignment.objects.select_for_update().get(pk=consignment_id)
    if row.ask_at is None or row.ask_at > now:
        return False
    if row.order.state != Order.State.PAID:
        row.ask_at = None
        row.save(update_fields=["ask_at"])
        return False
    part = carried_part(row.order, row.supplier)
    if _is_over(row.order, row.supplier, part):
        row.asked_at, row.ask_at = None, _due(row.order, row.supplier, part, now)
        row.save(update_fields=["asked_at", "ask_at"])
        return False
    row.asked_at, row.ask_at = now, now + settings.SUPPLIER_SILENCE
    row.times_asked += 1
    row.save(update_fields=["asked_at", "ask_at", "times_asked"])
    times = row.times_asked
    fact = SupplierSilent(order_id=row.order_id, supplier=row.supplier, times=times, tag=new_tag())
    publish(fact, subject=row.order.subject)
    crashpoint("silence_found")
    return True


def _due(order: Order, supplier: str, part: Mapping[str, int], now: datetime) -> datetime | None:
    """When to look at it next; None once all of it has come to an end for good.

    While money is on its way back it has not: a refund that fails makes the goods its customer's
    again.
    """
    for_good = _is_over(order, supplier, part) and not back_of(order.pk).coming
    return None if for_good else now + settings.SUPPLIER_SILENCE


def silent(*, now: datetime) -> QuerySet[Consignment]:
    """Those that were asked a while ago, and have said nothing since."""
    asked = Consignment.objects.filter(ask_at__isnull=False, asked_at__lt=now - ANSWERS_WITHIN)
    return asked.filter(Q(news_at=None) | Q(news_at__lt=F("asked_at")))


def _is_over(order: Order, supplier: str, part: Mapping[str, int]) -> bool:
    """Whether every piece that is still the customer's has come to an end, good or bad."""
    over = Shipment.objects.filter(order=order, supplier=supplier, excess=False)
    ended = over.filter(state__in=Shipment.OVER).prefetch_related("lines")
    left = remaining(order, ended, back_of(order.pk))
    return all(left[line.pk] <= 0 for line in order.lines.all() if line.sku in part)
