"""The payment provider, by its own SDK (Stripe). No card number ever passes through here.

Two calls make a charge: *create* names it at the provider and moves nothing; *confirm* charges.
Because its name is stored before, a confirm that was never answered can be asked about, and called
off, with certainty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

import requests
import stripe
from django.conf import settings
from requests.adapters import HTTPAdapter

from deferral.breaker_rules import FIRST_PAUSE
from deferral.strangers import seconds_asked
from deferral.troubles import TOO_MANY, Trouble, said
from orders import bank_pages
from orders.errors import PaymentRefused, PaymentUnavailable
from orders.stored_errors import past_stored_errors

if TYPE_CHECKING:
    from stripe.params import ChargeListParams, PaymentIntentConfirmParams

Outcome = Literal[
    "captured", "failed", "unknown", "unavailable", "refused", "held", "bank", "unconfirmed"
]
# How the ledger, the breaker and the desk call it.
PROVIDER = "payment provider"

# As many requests as the web has threads may be on their way at once.
POOL = 128

# Answers that say that nothing was done. Any other, a 409 or a 500 too, says nothing.
REFUSED = frozenset({400, 401, 403, 404})
# Those, and a twin of the same request that is still running, come from a provider that is well.
ANSWERED = REFUSED | {402, 409}
CONTENDED = "lock_timeout"
# Nobody has confirmed it: it charges nothing unless somebody does.
UNCONFIRMED = frozenset({"requires_payment_method", "requires_confirmation"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """What the provider said. `failed`, `unavailable`, `refused`, `held`: certainly not charged.

    `refused`: it would be again, for what we ask or who we are is wrong; somebody must mend it.

    `held`: it was not asked, for its breaker is open; worth trying again in `wait` seconds.
    `bank`: the customer has to answer their bank at `url` first (3-D Secure); empty where that is
    no page we follow. `unconfirmed`: nothing is charged, unless somebody confirms it.
    `trouble`: why nothing is known, where that is the provider's doing.
    """

    outcome: Outcome
    ref: str = ""
    reason: str = ""
    card: str = ""
    wait: float = 0.0
    url: str = ""
    trouble: PaymentUnavailable | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """Money that the provider took for us, and how much of it went back since."""

    ref: str
    order: str
    at: datetime
    amount_cents: int
    refunded_cents: int


@cache
def client() -> stripe.StripeClient:
    """One client a process. It never retries by itself: the ledger does, visibly."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=POOL))
    return stripe.StripeClient(
        settings.PAYMENT_SECRET_KEY,
        base_addresses={"api": settings.PAYMENT_API_BASE},
        http_client=stripe.RequestsClient(timeout=settings.PAYMENT_TIMEOUT, session=session),
        max_network_retries=0,
    )


def create(*, key: str, order: str, number: str, amount_cents: int, currency: str) -> str:
    """Name a charge at the provider; return its reference. PaymentUnavailable otherwise.

    Safe to repeat: one key is one charge, and none is made before `confirm`. `order` is what it is
    called for ever, `number` is for people who read it there.
    """
    about = {"order": order, "number": number}
    try:
        intent = past_stored_errors(
            f"{key}:create",
            lambda name: client().v1.payment_intents.create(
                {"amount": amount_cents, "currency": currency, "metadata": about},
                {"idempotency_key": name},
            ),
        )
    except stripe.StripeError as error:
        raise trouble_of(error) from error
    return intent.id


def confirm(*, key: str, ref: str, method: str, return_url: str = "") -> Settlement:
    """Charge. A decline is an answer; no answer is `unknown`, never `failed`.

    Safe to repeat with the same arguments: one reference is charged once, whatever the key. What
    was confirmed before is told apart from what was refused by asking.
    """
    about: PaymentIntentConfirmParams = {"payment_method": method, "expand": ["latest_charge"]}
    if return_url:
        about["return_url"] = return_url
    try:
        intent = past_stored_errors(
            f"{key}:confirm",
            lambda name: client().v1.payment_intents.confirm(ref, about, {"idempotency_key": name}),
        )
    except stripe.CardError as error:
        return Settlement(outcome="failed", ref=ref, reason=error.user_message or str(error))
    except stripe.StripeError as error:
        trouble = trouble_of(error)
        if error.http_status in REFUSED and not isinstance(error, stripe.IdempotencyError):
            return not_charged(trouble, ref=ref)
        reason = type(error).__name__
        return Settlement(outcome="unknown", ref=ref, reason=reason, trouble=trouble)
    found = _settlement(intent)
    if found is None or found.outcome == "unconfirmed":
        return Settlement(outcome="unknown", ref=ref, reason=intent.status)
    return found


def not_charged(trouble: PaymentUnavailable, *, ref: str = "") -> Settlement:
    """Nothing was done: for now, or for good. `reason` is for the customer to read."""
    outcome: Outcome = "refused" if isinstance(trouble, PaymentRefused) else "unavailable"
    return Settlement(outcome=outcome, ref=ref, reason=str(type(trouble)()), trouble=trouble)


def ask(ref: str) -> Settlement | None:
    """What became of a charge; None while the provider does not know. PaymentUnavailable."""
    try:
        intent = client().v1.payment_intents.retrieve(ref, {"expand": ["latest_charge"]})
    except stripe.StripeError as error:
        raise trouble_of(error) from error
    return _settlement(intent)


def call_off(*, key: str, ref: str) -> Settlement | None:
    """Make sure that it is never charged any more; what became of it is certain afterwards."""
    try:
        past_stored_errors(
            f"{key}:cancel",
            lambda name: client().v1.payment_intents.cancel(ref, {}, {"idempotency_key": name}),
        )
    except stripe.InvalidRequestError:
        return ask(ref)  # it had ended already
    except stripe.StripeError as error:
        raise trouble_of(error) from error
    return ask(ref)


def given_back(ref: str) -> int:
    """How many cents of a charge went back, whoever had it done. PaymentUnavailable."""
    try:
        intent = client().v1.payment_intents.retrieve(ref, {"expand": ["latest_charge"]})
    except stripe.StripeError as error:
        raise trouble_of(error) from error
    return int(getattr(intent.latest_charge, "amount_refunded", 0) or 0)


def refund(*, key: str, ref: str, order: str, amount_cents: int, is_marked: bool = True) -> None:
    """Give money back. StripeError; safe to repeat with its key, while that is remembered.

    Marked: the key stands in the provider's book too. Under one key all has to be the same: the
    release before this one marked none.
    """
    about = {"order": order} | ({"key": key} if is_marked else {})
    client().v1.refunds.create(
        {"payment_intent": ref, "amount": amount_cents, "metadata": about},
        {"idempotency_key": key},
    )


def was_refunded(*, ref: str, key: str) -> bool:
    """Whether money went back under this key, however long ago. PaymentUnavailable."""
    try:
        made = client().v1.refunds.list({"payment_intent": ref, "limit": 100}).auto_paging_iter()
        return any(one.metadata and one.metadata.to_dict().get("key") == key for one in made)
    except stripe.StripeError as error:
        raise trouble_of(error) from error


def charges(*, since: datetime, until: datetime) -> Iterator[Charge]:
    """Everything that was captured in this time, however many. PaymentUnavailable."""
    pages: ChargeListParams = {
        "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
        "limit": 100,
    }
    try:
        for found in client().v1.charges.list(pages).auto_paging_iter():
            if found.paid and found.payment_intent:
                about = found.metadata.to_dict() if found.metadata else {}
                yield Charge(
                    ref=str(found.payment_intent),
                    order=about.get("number") or about.get("order", ""),
                    at=datetime.fromtimestamp(found.created, UTC),
                    amount_cents=found.amount,
                    refunded_cents=found.amount_refunded,
                )
    except stripe.StripeError as error:
        raise trouble_of(error) from error


def trouble_of(error: stripe.StripeError) -> PaymentUnavailable:
    """With what the provider's breaker wants to know: was it an answer, or a wish to be left alone.

    PaymentRefused when the same request would be refused for ever: an amount it does not take, a
    key of ours that it does not know. Two requests about one payment at a time (`lock_timeout`)
    are a 429 too, and no such wish.
    """
    contended = error.code == CONTENDED
    status, wish = error.http_status, None
    if status == TOO_MANY and not contended:
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        wish = seconds_asked(headers.get("retry-after", "")) or FIRST_PAUSE
    kind = PaymentRefused if is_final(error) else PaymentUnavailable
    return kind(
        f"{said(PROVIDER, status)}: {type(error).__name__}",
        wish=wish,
        answered=contended or status in ANSWERED,
        trouble=Trouble.UNABLE if contended else Trouble.of(status),
    )


def is_final(error: stripe.StripeError) -> bool:
    """Whether the same request would be refused for ever. A key used otherwise says nothing."""
    return error.http_status in REFUSED and not isinstance(error, stripe.IdempotencyError)


def _settlement(intent: stripe.PaymentIntent) -> Settlement | None:
    if intent.status == "succeeded":
        return Settlement(outcome="captured", ref=intent.id, card=_card(intent))
    if intent.status == "canceled":
        return Settlement(outcome="failed", ref=intent.id, reason="The payment was called off.")
    error = intent.last_payment_error
    if intent.status == "requires_payment_method" and error:
        return Settlement(outcome="failed", ref=intent.id, reason=error.message or "Declined.")
    return _open(intent)


def _open(intent: stripe.PaymentIntent) -> Settlement | None:
    """What somebody has to do before it ends; None where nobody can but wait."""
    if intent.status == "requires_action":
        url = bank_pages.page_of(getattr(intent, "next_action", None))
        return Settlement(outcome="bank", ref=getattr(intent, "id", ""), url=url)
    if intent.status in UNCONFIRMED:
        return Settlement(outcome="unconfirmed", ref=intent.id)
    return None


def _card(intent: stripe.PaymentIntent) -> str:
    charge = intent.latest_charge
    details = getattr(charge, "payment_method_details", None)
    card = getattr(details, "card", None)
    return f"{card.brand.title()} ending {card.last4}" if card and card.brand else ""
