"""The gate for everything that the payment provider says: it is data, whatever it is.

Every call of it goes through `ask` or `pages`. What comes out is an Answer, whose fields are read
by type and are empty where they are of another, or PaymentUnavailable with what is certain.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import stripe
import structlog
from celery.exceptions import SoftTimeLimitExceeded

from deferral.breaker_rules import FIRST_PAUSE
from deferral.foreign import one_line
from deferral.strangers import seconds_asked
from deferral.troubles import TOO_MANY, Trouble, said
from orders.errors import PaymentUnavailable

log = structlog.get_logger(__name__)

# How the ledger, the breaker and the desk call it.
PROVIDER = "payment provider"
# Answers that say that nothing was done. Any other, a 409 or a 500 too, says nothing.
REFUSED = frozenset({400, 401, 403, 404})
# Those, and a twin of the same request that is still running, come from a provider that is well.
ANSWERED = REFUSED | {402, 409}
CONTENDED = "lock_timeout"
# A decline that comes with one of these is none: the money is there, or may still come.
UNDECLINED = frozenset({"succeeded", "processing", "requires_capture"})
LONGEST_TEXT, LONGEST_NAME = 200, 90
# What a column holds. Stripe itself takes eight digits.
MOST_CENTS = 2**31 - 1
# In the year 3058: Python's own end is far behind it.
LAST_MOMENT = 2**35
# Of a hundred each: what has more does not end.
MOST_PAGES = 10_000


class Answer:
    """An object of the provider's, or a part of one. No reader raises."""

    def __init__(self, fields: object = None) -> None:
        self._fields: Mapping[str, Any] = fields if isinstance(fields, dict) else {}

    def text(self, field: str, most: int = LONGEST_TEXT) -> str:
        """One line for people; empty for what is no text."""
        return one_line(self._fields.get(field), most)

    def name(self, field: str) -> str:
        """Something that is looked up again: as it is, or empty."""
        value = self._fields.get(field)
        fits = isinstance(value, str) and value.isascii() and value.isprintable()
        return str(value) if fits and len(str(value)) <= LONGEST_NAME else ""

    def cents(self, field: str) -> int | None:
        """An amount; None for what is none."""
        value = self._fields.get(field)
        return value if type(value) is int and 0 <= value <= MOST_CENTS else None

    def flag(self, field: str) -> bool:
        """Whether it says yes."""
        return self._fields.get(field) is True

    def denies(self, field: str) -> bool:
        """Whether it says no."""
        return self._fields.get(field) is False

    def moment(self, field: str) -> datetime | None:
        """Unix seconds as a time; None for what is none."""
        value = self._fields.get(field)
        if type(value) is not int or not 0 <= value < LAST_MOMENT:
            return None
        return datetime.fromtimestamp(value, UTC)

    def part(self, field: str) -> "Answer":
        """An object in it; an empty one where there is none."""
        return Answer(self._fields.get(field))

    def parts(self, field: str) -> "list[Answer] | None":
        """The objects of a list in it; None where there is no list."""
        value = self._fields.get(field)
        return [Answer(one) for one in value] if isinstance(value, list) else None


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
        raise trouble_of(error) from error
    except Exception as error:
        log.warning("answer_not_understood", stranger=PROVIDER, error=type(error).__name__)
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
    return PaymentUnavailable(f"{PROVIDER} answered {what}", trouble=Trouble.UNABLE)


def trouble_of(error: stripe.StripeError) -> PaymentUnavailable:
    """With what the provider's breaker wants to know: was it an answer, or a wish to be left alone.

    Two requests about one payment at a time (`lock_timeout`) are a 429 too, and no such wish. What
    is not written as Stripe writes errors need not come from there, and says nothing for certain.
    """
    body = error.json_body if isinstance(error.json_body, dict) else {}
    told = Answer(body.get("error"))
    code, kind = told.text("code"), told.text("type")
    status = error.http_status
    contended = code == CONTENDED
    return PaymentUnavailable(
        f"{said(PROVIDER, status)}: {type(error).__name__}",
        wish=_wish(error) if status == TOO_MANY and not contended else None,
        answered=contended or (bool(kind) and status in ANSWERED),
        trouble=Trouble.UNABLE if contended else Trouble.of(status),
        status=status if kind else None,
        kind=kind,
        code=code,
        words=told.text("message") or code.replace("_", " "),
        declined=kind == "card_error" and _is_declined(status, told),
    )


def _is_declined(status: int | None, told: Answer) -> bool:
    intent = told.part("payment_intent")
    return status == 402 and intent.text("status") not in UNDECLINED


def _wish(error: stripe.StripeError) -> float:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return seconds_asked(headers.get("retry-after", "")) or FIRST_PAUSE
