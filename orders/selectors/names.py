"""What reports and notices are called in keys."""

from hashlib import sha256

from deferral.models import IncomingNotice
from orders.models import Reconciliation


def report_name(reconciliation_id: int) -> str:
    """`2026-11-28:7kq2m9xv`: the day that was compared, and this report's own tag."""
    report = Reconciliation.objects.only("day", "tag").get(pk=reconciliation_id)
    return f"{report.day}:{report.tag}"


def notice_name(notice_id: int) -> str:
    """What the provider calls this event of its own, shortened to what fits into a key."""
    name = IncomingNotice.objects.only("external_id").get(pk=notice_id).external_id
    return sha256(name.encode()).hexdigest()[:16] if len(name) > 100 else name
