"""Whether customers can pay, as far as our own books tell: a line in `manage.py doctor`."""

from collections.abc import Iterable
from datetime import timedelta

from deferral.health import Finding, health_check
from orders.selectors import refused_payments

LATELY = timedelta(hours=1)
HOW = "refused for good in the last hour: what we ask, or our key, is wrong (log: payment_refused)"


@health_check
def check_payments() -> Iterable[Finding]:
    """A refusal for good is ours to mend; a provider that is away is told of by its own line."""
    count = refused_payments(since=LATELY)
    detail = f"{count} {HOW}" if count else "none refused for good in the last hour"
    yield Finding(name="payments", well=not count, detail=detail)
