"""Webhooks out: one delivery to one endpoint, every attempt kept, whatever comes of it.

Exactly once where the receiver honours `webhook-id`, which is the same on every attempt, as the
body is; the signature's timestamp is this attempt's: by it the receiver refuses what somebody else
plays to it again.
"""

import time

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.errors import Bury, Outcome, Retry, Snooze
from deferral.external.breakers import Call, calling
from deferral.failure_kinds import TOO_MANY, FailureKind
from deferral.ledger.dead_letters import discard_jobs
from deferral.models import Job
from deferral.tasks import current_job, finishing
from webhooks.deliveries import delivery_of, headers_for, keep_attempt
from webhooks.endpoints import note_failure, note_success
from webhooks.in_flight import in_flight
from webhooks.models import Delivery, Endpoint
from webhooks.outbound import AddressRefused, Answer, post

GONE = 410
# Seconds before whoever is too slow, or has too much to do, is asked again.
BREATH = 60.0
# Seconds before a secret that no key of ours opens is tried again: somebody has to mend that.
LOOK_AGAIN = 300.0


def deliver(endpoint: Endpoint, *, webhook_id: str, what: str, order_id: int | None) -> None:
    """One attempt. Bury when there is nobody to be told, Retry for anything but 2xx.

    Snooze while its breaker is open, while as many as it takes at a time are on their way there, or
    while we have not the key that opens its secret: that is our trouble, and costs it nothing.
    """
    if endpoint.disabled_at:
        msg = f"{endpoint} is disabled: {endpoint.disabled_because}"
        raise Bury(msg, cause=_off(endpoint))
    if endpoint.unsigned_because:
        msg = f"the secret of {endpoint} cannot be opened: {endpoint.unsigned_because}"
        raise Snooze(msg, seconds=LOOK_AGAIN)
    delivery = delivery_of(endpoint, webhook_id=webhook_id, what=what, order_id=order_id)
    began = time.monotonic()
    try:
        with in_flight(endpoint):
            answer = _call(endpoint, delivery)
    except AddressRefused as error:
        _keep_failure(delivery, Answer(took=0, error=str(error)))
        kind = Retry if error.may_pass else Bury
        raise kind(str(error), cause=f"{endpoint}'s address may not be called") from error
    except SoftTimeLimitExceeded:
        answer = _cut_short(began)
    if not answer.is_accepted:
        raise _failure(endpoint, answer, disabled=_keep_failure(delivery, answer))
    with finishing():
        keep_attempt(delivery, answer)
        Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(delivered_at=Now())
        note_success(endpoint.pk)
        _settle_first(delivery)


def _settle_first(delivery: Delivery) -> None:
    """Whose first job is dead, and another brought it: nothing of its order waits behind it now."""
    brought_by = current_job().key
    if brought_by == delivery.webhook_id:
        return
    dead = Job.objects.filter(key=delivery.webhook_id, state=Job.State.DEAD)
    if found := list(dead.values_list("pk", flat=True)):
        discard_jobs(found, by="webhooks", reason=f"Delivered by {brought_by}.")


def _call(endpoint: Endpoint, delivery: Delivery) -> Answer:
    with calling(endpoint.service) as call:
        crashpoint("about_to_deliver")
        headers = headers_for(endpoint, delivery)
        answer = post(endpoint.url, body=delivery.body.encode(), headers=headers)
        _tell_breaker(endpoint, call, answer)
    if answer.is_accepted:
        crashpoint("webhook_accepted")
    return answer


def _cut_short(began: float) -> Answer:
    """The task's own limit struck: an attempt as any other, and kept as one."""
    took = round((time.monotonic() - began) * 1_000)
    return Answer(took=took, error="did not answer: within the task's time", timed_out=True)


def _tell_breaker(endpoint: Endpoint, call: Call, answer: Answer) -> None:
    if answer.status is None or answer.status >= 500:
        call.failed(_reason(endpoint, answer), FailureKind.of(answer.status))
    elif answer.status == TOO_MANY:
        call.busy(_reason(endpoint, answer), seconds=answer.retry_after)


def _keep_failure(delivery: Delivery, answer: Answer) -> str:
    """In a transaction of its own: the attempt happened, whatever becomes of the job."""
    with transaction.atomic():
        keep_attempt(delivery, answer)
        disabled = note_failure(delivery.endpoint_id, gone=answer.status == GONE)
    crashpoint("attempt_kept")
    return disabled


def _failure(endpoint: Endpoint, answer: Answer, *, disabled: str) -> Outcome:
    reason = _reason(endpoint, answer)
    if disabled:
        return Bury(f"{reason}. {disabled}", cause=_off(endpoint))
    slow = answer.timed_out or answer.status == TOO_MANY
    cause, min_wait = f"{endpoint} {_word(answer)}", BREATH if slow else 0.0
    failure_kind = FailureKind.of(answer.status)
    return Retry(
        reason, cause=cause, after=answer.retry_after, min_wait=min_wait, failure_kind=failure_kind
    )


def _reason(endpoint: Endpoint, answer: Answer) -> str:
    return f"{endpoint} {_word(answer)}: {answer.text[:200]}".rstrip(": ")


def _word(answer: Answer) -> str:
    return answer.error or f"answered {answer.status}"


def _off(endpoint: Endpoint) -> str:
    return f"{endpoint} is disabled"
