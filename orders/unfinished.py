"""What of somebody's orders has to be over before nobody knows any more whose they are."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.personal_data import Person
from deferral.models import Job
from orders.models import Order, Refund, Return, Shipment

# Whoever buys may still withdraw (Directive 2011/83/EU, Article 9), and has to be known for it.
WITHDRAWN_WITHIN = timedelta(days=14)
UNDECIDED = (Order.State.AWAITING_PAYMENT, Order.State.PAYMENT_UNKNOWN)
ON_ITS_WAY = (Refund.State.REQUESTED, Refund.State.PENDING)
# A parcel of which nothing was heard for so long does not arrive.
ARRIVES_WITHIN = timedelta(days=60)
LIVE = (Job.State.PENDING, Job.State.WAITING, Job.State.RUNNING, Job.State.PAUSED)


def waits_for(person: Person) -> str:
    """An order under way has to be paid, sent and told of; also one that came a moment ago."""
    mine = Order.objects.alias(small=Lower("email")).filter(small=person.address)
    lately = timezone.now() - WITHDRAWN_WITHIN
    paid_lately = Q(paid_at__gt=lately) | Q(delivered_at__gt=lately)
    moves = Q(state__in=UNDECIDED) | Q(kept_until__gt=timezone.now()) | paid_lately
    moves |= Q(payments__refunds__state__in=ON_ITS_WAY) | Q(created_at__gt=person.until)
    moves |= Q(returns__state__in=Return.OPEN) | Q(shipments__in=_parcels_under_way())
    if order := mine.filter(moves).first() or _worked_on(mine):
        return f"Your order {order.number} is not over: it has to be known whose it is."
    return ""


def _parcels_under_way() -> QuerySet[Shipment]:
    """Those that may still come, of orders that hold."""
    over = Q(state__in=Shipment.OVER) | Q(since__lt=timezone.now() - ARRIVES_WITHIN)
    return Shipment.objects.filter(order__state=Order.State.PAID).exclude(over)


def _worked_on(mine: QuerySet[Order]) -> Order | None:
    subjects = [f"order:{number}" for number in mine.values_list("number", flat=True)]
    job = Job.objects.filter(subject__in=subjects, state__in=LIVE).first()
    return mine.filter(number=job.subject.removeprefix("order:")).first() if job else None
