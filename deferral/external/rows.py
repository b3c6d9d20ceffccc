"""A breaker's row: one writer at a time, and nobody who waits for long."""

import structlog
from django.db import Error, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from deferral.database.outage import go_on_without
from deferral.external import rules
from deferral.external.rules import Observation
from deferral.models import Breaker

log = structlog.get_logger(__name__)

# Nothing depends on what is written here: neither the disk nor somebody's lock is waited for.
BRIEFLY = """
SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '500ms', true)
"""


def take_probe(service: str) -> bool:
    """Whether we are the one who asks: an update of the row that only one can make."""
    free = Q(probe_until__isnull=True) | Q(probe_until__lte=Now())
    asked = Breaker.objects.filter(free, name=service, openings__gt=0, open_until__lte=Now())
    try:
        return bool(asked.update(probe_until=Now() + rules.PROBE_LEASE))
    except Error as error:
        go_on_without(error, "probe_not_taken")
        return True


def write(service: str, observed: Observation) -> Breaker | None:
    """The row after this; None when the database would not have it."""
    try:
        with transaction.atomic(durable=True):
            row = _locked(service)
            before = row.openings
            rules.observe(row, observed, now=row.clock)  # type: ignore[attr-defined]  # see _locked
            row.save()
    except Error as error:
        go_on_without(error, "breaker_not_written")
        return None
    if bool(before) != bool(row.openings):
        verb = "breaker_opened" if row.openings else "breaker_closed"
        log.warning(verb, service=service, until=row.open_until, message=row.message)
    return row


def _locked(service: str) -> Breaker:
    """Its row, made if there is none, and with `clock`, the database's."""
    with connection.cursor() as cursor:
        cursor.execute(BRIEFLY)
    found = Breaker.objects.filter(name=service).select_for_update().annotate(clock=Now())
    row = found.first()
    if row is None:
        Breaker.objects.bulk_create([Breaker(name=service)], ignore_conflicts=True)
        row = found.get()
    return row
