"""What happens to an endpoint: it fails, it is disabled, its secret is replaced. Rows and events.

Whoever changes one holds its row's lock: two failures at the same moment warn once.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from deferral.errors import Bury, NotAllowed
from deferral.events import publish
from deferral.signatures import new_secret
from webhooks.endpoint_rules import advice
from webhooks.events import EndpointDisabled, EndpointFailing
from webhooks.models import Endpoint

log = structlog.get_logger(__name__)

# For so long the old secret signs too, so that a receiver may change when it suits.
OVERLAP = timedelta(hours=24)
GONE = "It answered 410: gone."
GIVEN_UP = "No success for five days."


def endpoint_by_id(endpoint_id: int) -> Endpoint:
    """As it is now."""
    return Endpoint.objects.get(pk=endpoint_id)


def endpoint_named(slug: str) -> Endpoint:
    """The same. Bury when there is none: a person has to make it."""
    found = Endpoint.objects.filter(slug=slug).first()
    if found is None:
        msg = f"there is no endpoint {slug}"
        raise Bury(msg)
    return found


def note_failure(endpoint_id: int, *, gone: bool) -> str:
    """Count a failure, inside the transaction that keeps its attempt; return why it is disabled.

    Empty while it is not. Staff are told of what this failure makes due.
    """
    row = _locked(endpoint_id)
    if row.disabled_at:
        return row.disabled_because
    now = timezone.now()
    row.failing_since = row.failing_since or now
    row.failures += 1
    due = advice(failing_since=row.failing_since, failures=row.failures, warned=row.warned, now=now)
    if gone or due.disable:
        _give_up(row, now, because=GONE if gone else GIVEN_UP)
    elif due.warn:
        _warn(row, due.warn)
    row.save()
    return row.disabled_because


def note_success(endpoint_id: int) -> None:
    """What failed before counts no more. A row that is well is not touched."""
    failing = Endpoint.objects.filter(pk=endpoint_id, failing_since__isnull=False)
    failing.update(failing_since=None, failures=0, warned=0)


@transaction.atomic
def rotate_secret(*, endpoint_id: int, by: str, reason: str) -> Endpoint:
    """A new secret, from now on the first; the one until now signs too for 24 hours more.

    NotAllowed within these: a second one would end what the receiver has, and it has not changed.
    What cannot be opened any more signs nothing: then the new one is alone.
    """
    row = _locked(endpoint_id)
    if not row.may_rotate:
        msg = f"The secret of {row} was rotated less than a day ago, and the one before signs too."
        raise NotAllowed(msg)
    row.previous_secret = "" if row.unsigned_because else row.secret
    row.secret, row.previous_until = new_secret(), timezone.now() + OVERLAP
    row.save()
    log.info("secret_rotated", endpoint=row.slug, by=by, reason=reason)
    return row


@transaction.atomic
def disable(*, endpoint_id: int, by: str, reason: str) -> Endpoint:
    """Nothing is sent there from now on. What is on its way already becomes a dead letter."""
    row = _locked(endpoint_id)
    row.disabled_at = row.disabled_at or timezone.now()
    row.disabled_because = f"{by}: {reason}"[:500]
    row.save()
    log.info("endpoint_disabled", endpoint=row.slug, by=by, reason=reason)
    return row


@transaction.atomic
def enable(*, endpoint_id: int, by: str, reason: str) -> Endpoint:
    """From now on it is told again what happens. What it missed is brought by `recovery`."""
    row = _locked(endpoint_id)
    row.disabled_at, row.disabled_because = None, ""
    row.failing_since, row.failures, row.warned = None, 0, 0
    row.save()
    log.info("endpoint_enabled", endpoint=row.slug, by=by, reason=reason)
    return row


def _locked(endpoint_id: int) -> Endpoint:
    return Endpoint.objects.select_for_update().get(pk=endpoint_id)


def _give_up(row: Endpoint, now: datetime, *, because: str) -> None:
    row.disabled_at, row.disabled_because = now, because
    fact = EndpointDisabled(endpoint_id=row.pk, at=int(now.timestamp()))
    publish(fact, subject=row.subject)
    log.error("endpoint_given_up", endpoint=row.slug, because=because)


def _warn(row: Endpoint, days: int) -> None:
    row.warned = days
    since = int(row.failing_since.timestamp()) if row.failing_since else 0
    publish(EndpointFailing(endpoint_id=row.pk, days=days, since=since), subject=row.subject)
