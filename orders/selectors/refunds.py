"""Decisions to give money back, and how far they have come."""

from collections.abc import Collection

from django.db.models import Min, Q, QuerySet, Subquery, Sum

from deferral.models import Job
from orders.models import PaymentAttempt, Refund
from orders.selectors.payments import captured_payments


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


def orders_with_refunds(order_ids: Collection[int]) -> set[int]:
    """Those of the orders of which money was ever decided to go back."""
    found = Refund.objects.filter(payment__order__in=order_ids)
    return set(found.order_by().values_list("payment__order_id", flat=True))


def refunds_of_purchase(order_id: int) -> QuerySet[Refund]:
    """Those of the payment that paid it. Money that came too late goes back beside them."""
    paid_by = captured_payments(order_id).order_by("-id").values("pk")[:1]
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
