"""Once more: a test, one delivery again, or everything that an endpoint did not get since a moment.

Each asks for jobs, in the order of their subject. The receiver knows a repeat by its `webhook-id`,
which stays the same; the job's key is another one where the first job is over.
"""

import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from deferral.crashpoints import crashpoint
from deferral.enqueueing import JobAskedFor, enqueue
from deferral.errors import NotAllowed
from deferral.ledger.dead_letters import among, replay_jobs
from deferral.models import Event, Job
from deferral.names import new_tag
from orders.models import Order
from orders.selectors import reference_of
from webhooks.missed import Missed, missed
from webhooks.models import Delivery, Endpoint
from webhooks.payloads import TEST

log = structlog.get_logger(__name__)


@transaction.atomic
def send_test(*, endpoint_id: int, by: str) -> str:
    """Have something harmless sent there; return its `webhook-id`. Twice in a second is once."""
    endpoint = Endpoint.objects.get(pk=endpoint_id)
    webhook_id = f"{endpoint.slug}:{TEST}:{endpoint.tag}:{int(time.time())}"
    _ask(endpoint, endpoint.subject, webhook_id, what=TEST)
    log.info("webhook_tested", endpoint=endpoint.slug, by=by)
    return webhook_id


@transaction.atomic
def resend(*, delivery_id: int, by: str, reason: str) -> str:
    """Have one delivery sent again, by a job of its own whose key is returned."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    asked = Event.objects.filter(subject=delivery.subject, type=JobAskedFor.type)
    number = asked.filter(payload__kwargs__webhook_id=delivery.webhook_id).count() + 1
    key = f"{delivery.webhook_id}:resend-{number}-{new_tag()}"
    order = Order.objects.filter(number=delivery.subject.removeprefix("order:")).first()
    order_id = order.pk if order else None
    _ask(delivery.endpoint, delivery.subject, delivery.webhook_id, delivery.type, order_id, key=key)
    log.info("webhook_resent", webhook=delivery.webhook_id, by=by, reason=reason)
    return key


@transaction.atomic
def ask_for_recovery(*, endpoint_id: int, since: datetime, by: str, reason: str) -> None:
    """Have a job bring all that was missed since then. NotAllowed to one that is disabled."""
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    if endpoint.disabled_at:
        raise NotAllowed("A disabled endpoint is not called: enable it first.")
    now = timezone.now().isoformat()
    enqueue(
        "webhooks.recover_deliveries",
        key=f"recovery:{endpoint.name}:{now}",
        subject=endpoint.subject,
        endpoint_id=endpoint.pk,
        since=since.isoformat(),
        asked_at=now,
        by=by,
    )
    told = since.isoformat()
    log.info("recovery_asked_for", endpoint=endpoint.slug, since=told, by=by, reason=reason)


def recover(endpoint: Endpoint, *, since: str, by: str) -> int:
    """Bring what was missed, batch after batch, each in one transaction; return how many.

    Safe to repeat: what was brought already is on its way, under the same keys. It ends where the
    endpoint is disabled: nothing more of it would arrive.
    """
    total, after = 0, 0
    is_on = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    while is_on.exists() and (batch := list(missed(endpoint, since, after=after))):
        _bring(endpoint, batch, by=by)
        total, after = total + len(batch), batch[-1].event_id
    log.info("webhooks_recovered", endpoint=endpoint.slug, since=since, count=total)
    return total


@transaction.atomic
def _bring(endpoint: Endpoint, batch: Sequence[Missed], *, by: str) -> None:
    """What was discarded has a key by the job that was (its random id, not its row): two recoveries
    at once are one.
    """
    replay_jobs(_dead_of(batch), by=by, reason=f"recovery of {endpoint.slug}")
    for one in batch:
        if one.state in {"missing", "discarded"}:
            over = one.state == "discarded"
            key = f"{one.webhook_id}:recovered-{one.tag}" if over else one.webhook_id
            _ask(endpoint, one.subject, one.webhook_id, one.what, one.order_id, key=key)
    crashpoint("recovery_written")


def _dead_of(batch: Sequence[Missed]) -> set[int]:
    """Their own jobs, and those of their orders that they are held up by."""
    own = {one.job_id for one in batch if one.state == "dead" and one.job_id}
    held = Job.objects.filter(among(one.job_id or 0 for one in batch if one.state == "held up"))
    before = Job.objects.filter(ordering_key__in=held.values("ordering_key"), state=Job.State.DEAD)
    return own | set(before.values_list("pk", flat=True))


def _ask(
    endpoint: Endpoint,
    subject: str,
    webhook_id: str,
    what: str,
    order_id: int | None = None,
    *,
    key: str = "",
) -> None:
    """A test, a repeat, or what was missing; a repeat waits for no other."""
    is_first = key in {"", webhook_id}
    order = reference_of(order_id) if order_id and is_first else ""
    enqueue(
        "webhooks.deliver_webhook",
        key=key or webhook_id,
        subject=subject,
        ordering_key=endpoint.ordering_key_of(order) if order else None,
        service=endpoint.service,
        endpoint_id=endpoint.pk,
        webhook_id=webhook_id,
        what=what,
        order_id=order_id,
    )
