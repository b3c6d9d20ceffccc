"""A charge is named before it is made: prepared, held, taken up, begun once, or given up."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from orders.models import PaymentAttempt
from orders.payments.provider import gateway

# In the place of a provider's reference: no charge was begun, and none will be.
GIVEN_UP = "given up"


def prepare(*, attempt_id: int, method: str, return_url: str) -> None:
    """Store what the charge will be asked for with, before anybody does: others may have to."""
    fresh = PaymentAttempt.objects.filter(pk=attempt_id, provider_ref="")
    fresh.update(method=method, return_url=return_url)


def take_up(*, attempt_id: int, method: str = "") -> bool:
    """Whether a held attempt is ours to pay now: of several who ask, one is told so."""
    changes = {"state": PaymentAttempt.State.REQUESTED, "created_at": Now(), "method": method}
    return bool(_held(attempt_id).update(**changes))


def give_up(*, attempt_id: int) -> bool:
    """Whether a held attempt is certainly never paid any more."""
    never = _held(attempt_id).update(provider_ref=GIVEN_UP)
    return bool(never) or _held(attempt_id, provider_ref=GIVEN_UP).exists()


def hold(attempt: PaymentAttempt) -> bool:
    """Whether nothing was begun: not even named."""
    requested = PaymentAttempt.State.REQUESTED
    mine = PaymentAttempt.objects.filter(pk=attempt.pk, state=requested, provider_ref="")
    return bool(mine.update(state=PaymentAttempt.State.HELD))


def begin(attempt: PaymentAttempt, *, method: str) -> bool:
    """Name the charge at the provider, and store its name, unless that is done. PaymentUnavailable.

    False: it was given up meanwhile, and must not be charged.
    """
    ref = _named_at_provider(attempt)
    if not _begin(attempt, ref=ref, method=method):
        return False
    attempt.provider_ref, attempt.method = ref, method
    return True


def never_begins(attempt: PaymentAttempt) -> bool:
    """Whether nothing was, and nothing can be, charged: `begin` and this exclude each other."""
    unnamed = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref="")
    given_up = bool(unnamed.update(provider_ref=GIVEN_UP))
    attempt.refresh_from_db()
    return given_up or attempt.provider_ref == GIVEN_UP


def attempt_by_id(attempt_id: int) -> PaymentAttempt:
    """With its order."""
    return PaymentAttempt.objects.select_related("order").get(pk=attempt_id)


def _held(attempt_id: int, *, provider_ref: str = "") -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(
        pk=attempt_id, state=PaymentAttempt.State.HELD, provider_ref=provider_ref
    )


def _named_at_provider(attempt: PaymentAttempt) -> str:
    if attempt.provider_ref:
        return attempt.provider_ref
    return gateway.create(
        key=str(attempt.key),
        order=attempt.order.reference,
        number=attempt.order.number,
        amount_cents=attempt.amount_cents,
        currency=attempt.order.currency,
    )


def _begin(attempt: PaymentAttempt, *, ref: str, method: str) -> bool:
    """Store the reference before anything is charged under it. False: it was given up meanwhile."""
    mine = PaymentAttempt.objects.filter(pk=attempt.pk, provider_ref__in=["", ref])
    return bool(mine.exclude(provider_ref=GIVEN_UP).update(provider_ref=ref, method=method))
