"""Whom the doctor names, because others wait for them or will: see `sessions`."""

from collections.abc import Iterable

from django.utils import timezone

from deferral.database.sessions import Holder, holders
from deferral.health.findings import Finding, health_check


@health_check
def check_transactions() -> Iterable[Finding]:
    """Who keeps others waiting, or would: a forgotten lock closes a product, an old snapshot all
    cleaning up.
    """
    found = holders()
    for holder in found:
        name = f"session {holder.pid}" if holder.pid else "prepared"
        yield Finding(name=name, well=False, detail=_describe(holder))
    if not found:
        yield Finding(name="transactions", well=True, detail="nobody is kept waiting")


def _describe(holder: Holder) -> str:
    since = "hidden from us (GRANT pg_read_all_stats to our role)"
    if holder.began and holder.age:
        begun = f"{timezone.localtime(holder.began):%H:%M:%S}"
        since = f"{holder.state} since {begun} ({holder.age.total_seconds():.0f} s)"
    longest = f", the longest {holder.longest.total_seconds():.0f} s" if holder.waiting else ""
    return (
        f"{holder.name} of {holder.user}, {since}; {holder.waiting} wait for it{longest}; "
        f"last statement: {holder.statement or 'unknown'}; to end it: {holder.remedy}"
    )
