"""Our books beside the provider's, every night; what is missing in ours is asked about first."""

from contextlib import suppress
from datetime import date, timedelta

from django.utils import timezone

from deferral.errors import Bury
from orders.payments.reconciliation import comparing, findings
from orders.payments.refunds.watching import hear_of_refunds
from shop.settlement import hear_of_payment

# So far back are days compared that nobody has compared.
LONGEST_BACK = timedelta(days=31)


def compare_books() -> None:
    """Our books beside the provider's, for each day since the last report, up to yesterday.

    What was captured, given back or came back there and is not recorded here is recorded first.
    Safe to repeat: a day has one report, kept as soon as it is made. PaymentUnavailable and
    ServiceAway while the provider is away.
    """
    for day in days_to_compare():
        counts, found = comparing.look_at(day)
        for one in found:
            hear = HEAR_OF.get(one.what, ignore)
            with suppress(Bury):  # it stays on the report
                hear(provider_ref=one.ref)
        if found:  # also what ended while we looked: once more
            counts, found = comparing.look_at(day)
        comparing.file(day, counts, found)


def ignore(*, provider_ref: str) -> None:
    """Asking again would change nothing: it is for a person."""


HEAR_OF = {
    findings.NOT_RECORDED: hear_of_payment,
    findings.REFUNDED_THERE: hear_of_refunds,
    findings.REFUNDED_HERE: hear_of_refunds,
    findings.REFUND_STANDS_OTHERWISE: hear_of_refunds,
}


def days_to_compare() -> list[date]:
    """Yesterday, and what was missed before: nobody may have been there to do it."""
    yesterday = timezone.localdate() - timedelta(days=1)
    last = comparing.last_day() or yesterday - timedelta(days=1)
    first = max(last + timedelta(days=1), yesterday - LONGEST_BACK)
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]
