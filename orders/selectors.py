"""Reading orders. Nothing here changes anything."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Min, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Now

from deferral.models import IncomingNotice, Job
from orders.errors import PaymentRefused
from orders.models import Order, PaymentAttempt, Reconciliation, Refund

# What stands in an attempt that the provider has refused for good.
REFUSED = str(PaymentRefused())


def order_by_id(order_id: int) -> Order:
    """The order with its lines and payments, in three queries."""
    return Order.objects.prefetch_related("lines", "payments").get(pk=order_id)


def current_order(*, checkout_key: UUID | None = None, number: str = "") -> Order | None:
    """The order made under this key, or with this number: unless its payment failed, or is held.

    One that failed, and can be paid again, stands.
    """
    is_meant = Q(checkout_key=checkout_key) if checkout_key else Q(number=number)
    held = Q(payments__state=PaymentAttempt.State.HELD)
    is_over = Q(kept_until__isnull=True) | Q(kept_until__lte=Now())
    in_force = Order.objects.filter(is_meant).exclude(is_over, state=Order.State.PAYMENT_FAILED)
    return in_force.exclude(held).first()


def reference_of(order_id: int) -> str:
    """What everybody outside calls this order: a part of every key about it."""
    return Order.objects.only("number", "tag").get(pk=order_id).reference


def captured_payment(order_id: int) -> PaymentAttempt | None:
    """The attempt whose money we have, or had: the last, for what came too late goes back."""
    return _captured(order_id).last()


def _captured(order_id: int) -> QuerySet[PaymentAttempt]:
    states = [PaymentAttempt.State.CAPTURED, PaymentAttempt.State.REFUNDED]
    return PaymentAttempt.objects.filter(order_id=order_id, state__in=states)


def spoken_for(payment: PaymentAttempt) -> int:
    """How many cents of it went back or are about to: not what failed, or was given up by staff.

    Given up is what was asked for when its dead letter was discarded.
    """
    return sum(one.amount_cents for one in in_force(payment.refunds.all()))


def in_force(among: QuerySet[Refund]) -> list[Refund]:
    """Those of the refunds whose money went back, or is about to: asked for, taken on, or done."""
    moved = [one for one in among if one.state in Refund.MOVING]
    is_open = any(one.state == Refund.State.REQUESTED for one in moved)
    given_up = {one.pk for one in discarded_refunds(among)} if is_open else set()
    return [one for one in moved if one.pk not in given_up]


def discarded_refunds(among: QuerySet[Refund]) -> list[Refund]:
    """Those that are asked for, and whose dead letter was discarded: nobody carries them out."""
    asked = list(among.filter(state=Refund.State.REQUESTED).select_related("payment__order"))
    jobs = Job.objects.filter(key__in=[one.key for one in asked], state=Job.State.DISCARDED)
    gone = set(jobs.values_list("key", flat=True)) if asked else set()
    return [one for one in asked if one.key in gone]


def refund_key(refund_id: int) -> str:
    """Of the job that carries this decision out."""
    return refund_by_id(refund_id).key


def refund_by_id(refund_id: int) -> Refund:
    """A decision, with its payment and order: its name is made of theirs."""
    return Refund.objects.select_related("payment__order").get(pk=refund_id)


def refund_name(refund_id: int) -> str:
    """What it is called in every other key about it."""
    return refund_by_id(refund_id).name


def refunds_of(order_id: int) -> QuerySet[Refund]:
    """Every decision to give money of this order back, in their order."""
    return Refund.objects.filter(payment__order=order_id).select_related("payment")


def refunds_of_purchase(order_id: int) -> QuerySet[Refund]:
    """Those of the payment that paid it. Money that came too late goes back beside them."""
    paid_by = _captured(order_id).order_by("-id").values("pk")[:1]
    return refunds_of(order_id).filter(payment=Subquery(paid_by))


def refunds_under_way() -> dict[str, int]:
    """By the provider's name of the payment: cents that were asked for, and are not back yet."""
    under_way = Refund.objects.filter(state__in=[Refund.State.REQUESTED, Refund.State.PENDING])
    given_up = [one.pk for one in discarded_refunds(under_way)]
    by_name = under_way.exclude(pk__in=given_up).values("payment__provider_ref")
    sums = by_name.annotate(cents=Sum("amount_cents")).order_by()
    return {row["payment__provider_ref"]: row["cents"] for row in sums}


def payments_on_their_way_back() -> QuerySet[PaymentAttempt]:
    """Those of which some money is on its way, the longest unasked first."""
    pending = Q(refunds__state=Refund.State.PENDING)
    found = PaymentAttempt.objects.filter(pending).annotate(
        began_at=Min("refunds__requested_at"), asked_at=Min("refunds__asked_at")
    )
    return found.order_by("asked_at")


def came_back_before(order_id: int, refund_id: int | None = None) -> bool:
    """Whether money of this order had gone back (before this refund, or ever) and came back."""
    of_order = refunds_of_purchase(order_id)
    earlier = of_order.filter(pk__lt=refund_id) if refund_id else of_order
    return earlier.exclude(came_back_at=None).exists()


def unanswered_attempts(*, older_than: timedelta) -> QuerySet[PaymentAttempt]:
    """Attempts that were begun and never settled: whoever made them may be dead."""
    return PaymentAttempt.objects.filter(
        state=PaymentAttempt.State.REQUESTED, created_at__lt=Now() - older_than
    ).select_related("order")


def held_attempts(*, older_than: timedelta) -> QuerySet[PaymentAttempt]:
    """Attempts that wait for the provider's breaker, and for their customer to come back."""
    return PaymentAttempt.objects.filter(
        state=PaymentAttempt.State.HELD, created_at__lt=Now() - older_than
    )


def held_order(*, checkout_key: UUID | None = None, number: str = "") -> Order | None:
    """The order made under this key, or with this number, that nobody tried to pay and may be."""
    is_meant = Q(checkout_key=checkout_key) if checkout_key else Q(number=number)
    held = Q(payments__state=PaymentAttempt.State.HELD, payments__provider_ref="")
    return Order.objects.filter(is_meant & held).first()


def report_name(reconciliation_id: int) -> str:
    """`2026-11-28:7kq2m9xv`: the day that was compared, and this report's own tag."""
    report = Reconciliation.objects.only("day", "tag").get(pk=reconciliation_id)
    return f"{report.day}:{report.tag}"


def attempt_key(attempt_id: int) -> UUID:
    """The key of a charge: random, and of that attempt alone."""
    return PaymentAttempt.objects.only("key").get(pk=attempt_id).key


def notice_name(notice_id: int) -> str:
    """What the provider calls this event of its own, shortened to what fits into a key."""
    name = IncomingNotice.objects.only("external_id").get(pk=notice_id).external_id
    return sha256(name.encode()).hexdigest()[:16] if len(name) > 100 else name


def refused_payments(*, since: timedelta) -> int:
    """How many payments the provider has refused for good since then, which is ours to mend."""
    lately = PaymentAttempt.objects.filter(order__created_at__gt=Now() - since)
    return lately.filter(state=PaymentAttempt.State.FAILED, reason=REFUSED).count()


def attempts_named(provider_ref: str) -> QuerySet[PaymentAttempt]:
    """The attempt that the provider knows by this name, if it is one of ours."""
    return PaymentAttempt.objects.filter(provider_ref=provider_ref).exclude(provider_ref="")
