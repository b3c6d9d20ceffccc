"""The gate for everything that the payment provider says: it is data, whatever it is.

Every call of it goes through `ask` or `pages`. What comes out is an Answer, or PaymentUnavailable
with what is certain.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import stripe
import structlog
from celery.exceptions import SoftTimeLimitExceeded

from deferral.external.http import seconds_asked
from deferral.external.rules import FIRST_PAUSE
from deferral.external_services import external_service
from deferral.failure_kinds import TOO_MANY, FailureKind, said
from orders.errors import PaymentRefused, PaymentUnavailable
from orders.payments.provider.reading import Answer

log = structlog.get_logger(__name__)

# How the ledger, the breaker and the admin call it.
PROVIDER = external_service("payment provider")
# Answers that say that nothing was done. Any other, a 409 or a 500 too, says nothing.
REFUSED = frozenset({400, 401, 403, 404})
# Those, and a twin of the same request that is still running, come from a provider that is well.
ANSWERED = REFUSED | {402, 409}
CONTENDED = "lock_timeout"
# Of Stripe's: the key was used for something else, which says nothing of what was done under it.
KEY_REUSED = "idempotency_error"
# A decline that comes with one of these is none: the money is there, or may still come.
UNDECLINED = frozenset({"succeeded", "processing", "requires_capture"})
# Of a hundred each: what has more does not end.
MOST_PAGES = 10_000


def ask(call: Callable[[], Any]) -> Answer:
    """What the provider answers to a call of its SDK. PaymentUnavailable for all that is no answer.

    The SDK stumbles over what it does not expect, with whatever comes of that: nothing of it may
    reach whoever pays.
    """
    try:
        return Answer(call().to_dict())
    except SoftTimeLimitExceeded:
        raise
    except stripe.StripeError as error:
        raise unavailable_for(error) from error
    except Exception as error:
        log.warning("answer_not_understood", service=PROVIDER, error=type(error).__name__)
        raise unreadable() from error


def pages(call: Callable[[dict[str, Any]], Any], terms: Mapping[str, Any]) -> Iterator[Answer]:
    """Everything in a list of the provider's, page by page. PaymentUnavailable, also half-way."""
    wanted, last = {**terms, "limit": 100}, ""
    for _ in range(MOST_PAGES):
        page = _page(call, wanted)
        found = page.parts("data")
        if found is None:
            raise unreadable()
        yield from found
        if not page.flag("has_more"):
            return
        before, last = last, found[-1].name("id") if found else ""
        if last in {"", before}:
            raise unreadable()
        wanted = {**wanted, "starting_after": last}
    raise unreadable()


def _page(call: Callable[[dict[str, Any]], Any], wanted: dict[str, Any]) -> Answer:
    return ask(lambda: call(wanted))


def unreadable(what: str = "something that is no answer") -> PaymentUnavailable:
    """It answered, and nothing can be made of it."""
    return PaymentUnavailable(f"{PROVIDER} answered {what}", failure_kind=FailureKind.UNABLE)


def unavailable_for(error: stripe.StripeError) -> PaymentUnavailable:
    """With what the provider's breaker wants to know: was it an answer, or a request to wait.

    PaymentRefused when it says in its own words that the same request would be refused for ever: an
    amount it does not take, a key of ours that it does not know. Two requests about one payment at
    a time (`lock_timeout`) are a 429 too, and no request to wait. What is not written as
    Stripe writes errors need not come from there, and says nothing for certain.
    """
    body = error.json_body if isinstance(error.json_body, dict) else {}
    told = Answer(body.get("error"))
    code, kind = told.text("code"), told.text("type")
    status = error.http_status
    contended = code == CONTENDED
    is_final = status in REFUSED and kind not in {"", KEY_REUSED}
    what = PaymentRefused if is_final else PaymentUnavailable
    return what(
        f"{said(PROVIDER, status)}: {type(error).__name__}",
        retry_after=_retry_after(error) if status == TOO_MANY and not contended else None,
        answered=contended or (bool(kind) and status in ANSWERED),
        failure_kind=FailureKind.UNABLE if contended else FailureKind.of(status),
        status=status if kind else None,
        kind=kind,
        code=code,
        words=told.text("message") or code.replace("_", " "),
        declined=kind == "card_error" and _is_declined(status, told),
    )


def _is_declined(status: int | None, told: Answer) -> bool:
    intent = told.part("payment_intent")
    return status == 402 and intent.text("status") not in UNDECLINED


def _retry_after(error: stripe.StripeError) -> float:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return seconds_asked(headers.get("retry-after", "")) or FIRST_PAUSE
