"""What a person may do to a breaker: hold it open or closed, or leave it to itself. Recorded."""

from django.db import transaction
from django.db.models.functions import Now

from deferral.external.parking import unpark
from deferral.models import Breaker, Intervention

ACTIONS = {
    Breaker.Override.OPEN: Intervention.Action.OPEN,
    Breaker.Override.CLOSED: Intervention.Action.CLOSE,
    Breaker.Override.NO: Intervention.Action.RELEASE,
}


@transaction.atomic
def force(*, name: str, override: Breaker.Override, by: str, reason: str) -> Breaker:
    """Every process goes by it within a second. Breaker.DoesNotExist for a service nobody knows.

    Unless it is held open, what was parked comes back within seconds. Left to itself again, it
    begins closed: what it had counted is as old as the intervention.
    """
    row = Breaker.objects.select_for_update().annotate(clock=Now()).get(name=name)
    if override != Breaker.Override.OPEN:
        unpark(row, row.clock)
    row.override = override
    if override == Breaker.Override.NO:
        row.openings = row.good_probes = row.calls = row.failures = 0
        row.calls_before = row.failures_before = 0
        row.open_until = row.probe_until = None
    row.save()
    Intervention.objects.create(
        action=ACTIONS[override],
        by=by,
        reason=reason,
        breaker=row,
        about=name,
        subject=f"service:{name}",
    )
    return row
