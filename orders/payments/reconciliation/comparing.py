"""Our books beside the provider's, both ways: what either has that the other has not.

Asked once a night about the day before, and about every refund of a month: one may fail weeks
later. Whoever asks records at once what was captured, given back or came back there and is not
recorded here; whatever else differs is for a person, on the report.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deferral.events import publish
from orders.events import BooksDiffer
from orders.models import PaymentAttempt, Reconciliation
from orders.payments.asking import asking_provider
from orders.payments.reconciliation.charges import Charge, charges
from orders.payments.reconciliation.findings import (
    DISPUTED,
    NOT_RECORDED,
    NOT_THERE,
    OTHER_AMOUNT,
    REFUNDED_HERE,
    REFUNDED_THERE,
    UNKNOWN_HERE,
    Finding,
)
from orders.payments.reconciliation.refunds import compare_refunds
from orders.selectors import refunds_under_way

State = PaymentAttempt.State
TAKEN = {State.CAPTURED, State.REFUNDED}
NOTHING: Mapping[str, int] = {}
# An attempt begins before its charge is made, and either may fall on the other side of midnight.
MARGIN = timedelta(hours=1)

# A refund may fail weeks after it was made: each night all of these days are looked at again.
REFUNDS_BACK = timedelta(days=30)


def compare(
    ours: Iterable[PaymentAttempt],
    theirs: Iterable[Charge],
    *,
    seen: Collection[str] = (),
    asked: Mapping[str, int] = NOTHING,
) -> Iterator[Finding]:
    """Every difference. `ours`: each attempt that `theirs` may mean, and all that were taken.

    `seen` are payments that the provider knows too, from the hours around the day; `asked` is how
    many cents of a payment are on their way back, which it may have sent by now.
    """
    known = {attempt.provider_ref: attempt for attempt in ours}
    seen = set(seen)
    for charge in theirs:
        seen.add(charge.ref)
        attempt = known.get(charge.ref)
        cents = asked.get(charge.ref, 0)
        what = UNKNOWN_HERE if attempt is None else _difference(attempt, charge, cents)
        if what:
            here = attempt.amount_cents if attempt and attempt.state in TAKEN else None
            yield Finding(
                what=what, ref=charge.ref, order=charge.order, ours=here, theirs=charge.amount_cents
            )
    for ref, attempt in known.items():
        if attempt.state in TAKEN and ref not in seen:
            number = attempt.order.number
            yield Finding(what=NOT_THERE, ref=ref, order=number, ours=attempt.amount_cents)


def _difference(attempt: PaymentAttempt, charge: Charge, asked: int) -> str:
    if attempt.state not in TAKEN:
        return NOT_RECORDED
    if attempt.amount_cents != charge.amount_cents:
        return OTHER_AMOUNT
    if charge.refunded_cents < attempt.refunded_cents:
        return REFUNDED_HERE
    if charge.refunded_cents > attempt.refunded_cents + asked:
        return REFUNDED_THERE
    return DISPUTED if charge.is_disputed else ""


def look_at(day: date) -> tuple[Mapping[str, Any], list[Finding]]:
    """One day's counts and sums, and what differs. PaymentUnavailable, ServiceAway."""
    midnight = timezone.make_aware(datetime.combine(day, time()))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    with asking_provider():
        around = list(charges(since=midnight - MARGIN, until=end + MARGIN))
        refunds = list(compare_refunds(end - REFUNDS_BACK, end))
    theirs = [charge for charge in around if midnight <= charge.at < end]
    that_day = Q(created_at__gte=midnight, created_at__lt=end, state__in=TAKEN)
    meant = Q(provider_ref__in=[charge.ref for charge in theirs])
    ours = list(PaymentAttempt.objects.filter(that_day | meant).select_related("order"))
    taken = [one for one in ours if one.state in TAKEN and midnight <= one.created_at < end]
    counts = {
        "ours": len(taken),
        "theirs": len(theirs),
        "ours_cents": sum(attempt.amount_cents for attempt in taken),
        "theirs_cents": sum(charge.amount_cents for charge in theirs),
    }
    seen = [charge.ref for charge in around]
    found = compare(ours, theirs, seen=seen, asked=refunds_under_way())
    return counts, _each_once([*found, *refunds])


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    """The first about each payment: one thing that went wrong is seen from several sides."""
    return list({finding.ref: finding for finding in reversed(list(findings))}.values())[::-1]


def last_day() -> date | None:
    """The last that was compared."""
    return Reconciliation.objects.order_by("day").values_list("day", flat=True).last()


@transaction.atomic
def file(day: date, counts: Mapping[str, Any], findings: Iterable[Finding]) -> None:
    """Keep the report; when something differs, staff are told."""
    found = [asdict(finding) for finding in findings]
    report, _ = Reconciliation.objects.update_or_create(
        day=day, defaults={**counts, "findings": found, "ran_at": timezone.now()}
    )
    if found:
        publish(BooksDiffer(reconciliation_id=report.pk), subject=f"books:{day}")
