"""What this app keeps of a person: their orders, payments and refunds.

Their names, addresses and cards go; numbers, goods, sums, taxes and times stay. Whoever sells in
the one-stop shop of the EU's VAT keeps records of each supply for ten years from the end of its
year (Directive 2006/112/EC, Article 369k), and what a law demands need not be erased (GDPR, Article
17 (3) b). Other laws demand less, of other records: ten years are the longest.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.personal_data import Fate, Person, PersonalData, Rows
from deferral.models import Intervention, Job
from orders.models import Order, OrderLine, PaymentAttempt, Refund
from orders.models.order import new_link_token

BATCH = 100
NAMELESS = "Deleted account"
# Whoever buys may still withdraw (Directive 2011/83/EU, Article 9), and has to be known for it.
WITHDRAWN_WITHIN = timedelta(days=14)
UNDECIDED = (Order.State.AWAITING_PAYMENT, Order.State.PAYMENT_UNKNOWN)
ON_ITS_WAY = (Refund.State.REQUESTED, Refund.State.PENDING)
LIVE = (Job.State.PENDING, Job.State.WAITING, Job.State.RUNNING, Job.State.PAUSED)


def orders_of(person: Person) -> QuerySet[Order]:
    """Every order of the mailbox, those without a name too, but for what came later."""
    found = Order.objects.alias(mailbox_in_small=Lower("email"))
    return found.filter(mailbox_in_small__in=person.addresses, created_at__lte=person.until)


def waits_for(person: Person) -> str:
    """An order under way has to be paid, sent and told of; also one that came a moment ago."""
    mine = Order.objects.alias(small=Lower("email")).filter(small=person.address)
    paid_lately = Q(paid_at__gt=timezone.now() - WITHDRAWN_WITHIN)
    moves = Q(state__in=UNDECIDED) | Q(kept_until__gt=timezone.now()) | paid_lately
    moves |= Q(payments__refunds__state__in=ON_ITS_WAY) | Q(created_at__gt=person.until)
    if order := mine.filter(moves).first() or _worked_on(mine):
        return f"Your order {order.number} is not over: it has to be known whose it is."
    return ""


def _worked_on(mine: QuerySet[Order]) -> Order | None:
    subjects = [f"order:{number}" for number in mine.values_list("number", flat=True)]
    job = Job.objects.filter(subject__in=subjects, state__in=LIVE).first()
    return mine.filter(number=job.subject.removeprefix("order:")).first() if job else None


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file. What belongs together has the same number of its order."""
    mine = orders_of(person)
    lines = OrderLine.objects.filter(order__in=mine)
    payments = PaymentAttempt.objects.filter(order__in=mine)
    refunds = Refund.objects.filter(payment__order__in=mine)
    money = ("currency", "subtotal_cents", "shipping_cents", "tax_cents", "total_cents")
    times = ("created_at", "paid_at", "closed_at", "refunded_at")
    goods = ("sku", "kind", "title", "detail", "unit_cents", "quantity", "tax_cents", "total_cents")
    paid = ("state", "card", "amount_cents", "refunded_cents", "created_at", "settled_at")
    back = ("state", "amount_cents", "reason", "requested_at", "settled_at")
    return {
        "orders": mine.values("number", "state", "name", "email", "address", *money, *times),
        "order-lines": lines.values("order__number", *goods),
        "payments": payments.values("order__number", *paid),
        "refunds": refunds.values("payment__order__number", *back),
    }


@transaction.atomic
def erase(person: Person) -> int:
    """Take the name off some orders, and off what staff noted when they corrected an address."""
    named = orders_of(person).exclude(email=person.instead).select_for_update()
    orders = list(named.order_by("pk")[:BATCH])
    for order in orders:
        _forget_address(order, person)
        order.name, order.email, order.address = NAMELESS, person.instead, ""
        order.link_token, order.fingerprint = new_link_token(), ""
        order.save(update_fields=["name", "email", "address", "link_token", "fingerprint"])
    payments = PaymentAttempt.objects.filter(order__in=[order.pk for order in orders])
    payments.update(card="", return_url="", method="")
    return len(orders)


def _forget_address(order: Order, person: Person) -> None:
    """Whoever corrected the address of an order noted both in clear."""
    for note in Intervention.objects.filter(subject=order.subject, reason__icontains="@"):
        note.reason = note.reason.replace(order.mailbox, person.instead)
        note.reason = note.reason.replace(order.email, person.instead)
        note.save(update_fields=["reason"])


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    waits_for=waits_for,
    fates={
        "orders.Order.name": Fate.REPLACED,
        "orders.Order.email": Fate.REPLACED,
        "orders.Order.address": Fate.DELETED,
        "orders.Order.fingerprint": Fate.DELETED,
        "orders.Order.link_token": Fate.REPLACED,
        "orders.Order.number": Fate.KEPT,
        "orders.Order.tag": Fate.KEPT,
        "orders.Order.steps": Fate.KEPT,
        "orders.Order.closed_reason": Fate.KEPT,
        "orders.PaymentAttempt.card": Fate.DELETED,
        "orders.PaymentAttempt.method": Fate.DELETED,
        "orders.PaymentAttempt.return_url": Fate.DELETED,
        "orders.PaymentAttempt.provider_ref": Fate.KEPT,
        "orders.PaymentAttempt.reason": Fate.KEPT,
        "orders.Refund.reason": Fate.KEPT,
        "orders.Refund.provider_ref": Fate.KEPT,
        "deferral.Intervention.reason": Fate.REPLACED,
    },
)
