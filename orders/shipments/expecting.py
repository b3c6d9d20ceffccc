"""What is still to be heard of suppliers, and who is asked because nothing is."""

from collections import Counter
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
from orders.models import Consignment, Order, Shipment, ShipmentLine
from orders.payments.refunds.sums import back_of

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
    ask_at = None if _is_over(order, supplier, part) else now + settings.SUPPLIER_SILENCE
    facts = {"news_at": now, "ask_at": ask_at}
    Consignment.objects.update_or_create(order=order, supplier=supplier, defaults=facts)


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
    row.asked_at, row.ask_at = now, now + settings.SUPPLIER_SILENCE
    row.times_asked += 1
    row.save(update_fields=["asked_at", "ask_at", "times_asked"])
    times = row.times_asked
    fact = SupplierSilent(order_id=row.order_id, supplier=row.supplier, times=times, tag=new_tag())
    publish(fact, subject=row.order.subject)
    crashpoint("silence_found")
    return True


def silent(*, now: datetime) -> QuerySet[Consignment]:
    """Those that were asked a while ago, and have said nothing since."""
    asked = Consignment.objects.filter(ask_at__isnull=False, asked_at__lt=now - ANSWERS_WITHIN)
    return asked.filter(Q(news_at=None) | Q(news_at__lt=F("asked_at")))


def _is_over(order: Order, supplier: str, part: Mapping[str, int]) -> bool:
    """Whether every piece that is still the customer's has come to an end, good or bad."""
    left, back = Counter(part), back_of(order.pk)
    for line in order.lines.all():
        left[line.sku] -= back.of(line).quantity
    ended = Q(shipment__order=order, shipment__supplier=supplier, shipment__excess=False)
    over = ShipmentLine.objects.filter(ended, shipment__state__in=Shipment.OVER)
    for row in over.select_related("line"):
        left[row.line.sku] -= row.quantity
    return all(left[sku] <= 0 for sku in part)
