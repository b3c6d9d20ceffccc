"""The payment provider, by its own SDK (Stripe). No card number ever passes through here.

Two calls make a charge: *create* names it at the provider and moves nothing; *confirm* charges.
Because its name is stored before, a confirm that was never answered can be asked about, and called
off, with certainty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

import stripe
import structlog
from django.conf import settings

from orders import bank_pages
from orders.answers import PROVIDER, pages, unreadable
from orders.answers import ask as ask_for
from orders.errors import PaymentRefused, PaymentUnavailable
from orders.reading import Answer
from orders.stored_errors import past_stored_errors
from orders.wire import Wire

if TYPE_CHECKING:
    from stripe.params import ChargeListParams, PaymentIntentConfirmParams

__all__ = ["PROVIDER"]

log = structlog.get_logger(__name__)

Outcome = Literal[
    "captured", "failed", "unknown", "unavailable", "refused", "held", "bank", "unconfirmed"
]
LONGEST_CARD = 40
# Nobody has confirmed it: it charges nothing unless somebody does.
UNCONFIRMED = frozenset({"requires_payment_method", "requires_confirmation"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """What the provider said. `failed`, `unavailable`, `refused`, `held`: certainly not charged.

    `refused`: it would be again, for what we ask or who we are is wrong; somebody must mend it.
    `held`: it was not asked, for its breaker is open; worth trying again in `wait` seconds.
    `bank`: the customer has to answer their bank at `url` first (3-D Secure); empty where that is
    no page we follow. `unconfirmed`: nothing is charged, unless somebody confirms it.
    `trouble`: why nothing is known, where that is the provider's doing. What was captured is in
    the provider's own words: `cents` of a `currency` for an `order`; empty where it did not say.
    `returned_cents` of it went back since.
    """

    outcome: Outcome
    ref: str = ""
    reason: str = ""
    card: str = ""
    wait: float = 0.0
    url: str = ""
    trouble: PaymentUnavailable | None = None
    cents: int | None = None
    currency: str = ""
    order: str = ""
    returned_cents: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """Money that the provider took for us, and how much of it went back since.

    `is_disputed`: its bank has taken it back, or may yet.
    """

    ref: str
    order: str
    at: datetime
    amount_cents: int
    refunded_cents: int
    is_disputed: bool = False


@cache
def client() -> stripe.StripeClient:
    """One client a process. It never retries by itself: the ledger does, visibly."""
    return stripe.StripeClient(
        settings.PAYMENT_SECRET_KEY,
        base_addresses={"api": settings.PAYMENT_API_BASE},
        http_client=Wire(settings.PAYMENT_TIMEOUT),
        max_network_retries=0,
    )


def create(*, key: str, order: str, number: str, amount_cents: int, currency: str) -> str:
    """Name a charge at the provider; return its reference. PaymentUnavailable otherwise.

    Safe to repeat: one key is one charge, and none is made before `confirm`. `order` is what it is
    called for ever, `number` is for people who read it there.
    """
    about = {"order": order, "number": number}
    intent = _ask_past_errors(
        f"{key}:create",
        lambda name: client().v1.payment_intents.create(
            {"amount": amount_cents, "currency": currency, "metadata": about},
            {"idempotency_key": name},
        ),
    )
    ref = intent.name("id")
    if not ref or intent.text("object") != "payment_intent":
        raise unreadable("no payment to the wish for one")
    return ref


def confirm(*, key: str, ref: str, method: str, return_url: str = "") -> Settlement:
    """Charge. A decline is an answer; no answer is `unknown`, never `failed`.

    Safe to repeat with the same arguments: one reference is charged once, whatever the key. What
    was confirmed before is told apart from what was refused by asking.
    """
    about: PaymentIntentConfirmParams = {"payment_method": method, "expand": ["latest_charge"]}
    if return_url:
        about["return_url"] = return_url
    try:
        intent = _ask_past_errors(
            f"{key}:confirm",
            lambda name: client().v1.payment_intents.confirm(ref, about, {"idempotency_key": name}),
        )
    except PaymentUnavailable as error:
        return _not_confirmed(ref, error)
    found = _settlement(intent, ref)
    if found is None or found.outcome == "unconfirmed":
        return Settlement(outcome="unknown", ref=ref, reason=intent.text("status"))
    return found


def not_charged(trouble: PaymentUnavailable, *, ref: str = "") -> Settlement:
    """Nothing was done: for now, or for good. `reason` is for the customer to read."""
    outcome: Outcome = "refused" if isinstance(trouble, PaymentRefused) else "unavailable"
    return Settlement(outcome=outcome, ref=ref, reason=str(type(trouble)()), trouble=trouble)


def ask(ref: str) -> Settlement | None:
    """What became of a charge; None while the provider does not know. PaymentUnavailable."""
    intent = ask_for(
        lambda: client().v1.payment_intents.retrieve(ref, {"expand": ["latest_charge"]})
    )
    return _settlement(intent, ref)


def call_off(*, key: str, ref: str) -> Settlement | None:
    """Make sure that it is never charged any more; what became of it is certain afterwards."""
    try:
        _ask_past_errors(
            f"{key}:cancel",
            lambda name: client().v1.payment_intents.cancel(ref, {}, {"idempotency_key": name}),
        )
    except PaymentUnavailable as error:
        if error.status not in {400, 404}:
            raise
    return ask(ref)  # also when it had ended already


def _ask_past_errors(key: str, call: Callable[[str], Any]) -> Answer:
    """Through the one gate, under this key or the next one that has stored no error."""
    return ask_for(lambda: past_stored_errors(key, call))


def charges(*, since: datetime, until: datetime) -> Iterator[Charge]:
    """Everything that was captured in this time, however many. PaymentUnavailable."""
    made = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    for found in pages(_page, {"created": made}):
        if found.flag("paid") and found.name("payment_intent"):
            charge = _charge(found)
            if charge is None:
                log.error("charge_not_understood", ref=found.name("payment_intent"))
                continue
            yield charge


def _page(terms: dict[str, Any]) -> Any:
    return client().v1.charges.list(cast("ChargeListParams", terms))


def _charge(found: Answer) -> Charge | None:
    at, cents, back = found.moment("created"), found.cents("amount"), found.cents("amount_refunded")
    if at is None or cents is None or back is None:
        return None
    about = found.part("metadata")
    return Charge(
        ref=found.name("payment_intent"),
        order=about.text("number", 60) or about.text("order", 60),
        at=at,
        amount_cents=cents,
        refunded_cents=back,
        is_disputed=found.flag("disputed"),
    )


def _not_confirmed(ref: str, error: PaymentUnavailable) -> Settlement:
    """Only what the provider itself has said makes it certain that nothing was charged."""
    if error.declined:
        return Settlement(outcome="failed", ref=ref, reason=error.words or DECLINED)
    if isinstance(error, PaymentRefused):
        return not_charged(error, ref=ref)
    return Settlement(outcome="unknown", ref=ref, reason=str(error), trouble=error)


def _settlement(intent: Answer, ref: str) -> Settlement | None:
    """None for whatever says neither that it was captured nor that it never will be."""
    if intent.name("id") != ref:
        return None
    status, cents = intent.text("status"), intent.cents("amount_received")
    if status == "succeeded":
        return _captured(intent, ref)
    if status == "canceled" and not cents:
        return Settlement(outcome="failed", ref=ref, reason="The payment was called off.")
    error = intent.part("last_payment_error")
    if status == "requires_payment_method" and error.text("type") and not cents:
        return Settlement(outcome="failed", ref=ref, reason=error.text("message") or DECLINED)
    return None if cents else _open(intent, ref)


def _open(intent: Answer, ref: str) -> Settlement | None:
    """What somebody has to do before it ends; None where nobody can but wait."""
    status = intent.text("status")
    if status == "requires_action":
        url = bank_pages.page_of(intent.part("next_action"))
        return Settlement(outcome="bank", ref=ref, url=url)
    return Settlement(outcome="unconfirmed", ref=ref) if status in UNCONFIRMED else None


def _captured(intent: Answer, ref: str) -> Settlement | None:
    """None where it does not say how much of what, or its charge says otherwise."""
    cents, charge = intent.cents("amount_received"), intent.part("latest_charge")
    currency = intent.text("currency", 3).lower()
    if cents is None or not currency or charge.denies("paid") or charge.denies("captured"):
        return None
    return Settlement(
        outcome="captured",
        ref=ref,
        card=_card(charge),
        cents=cents,
        currency=currency,
        order=intent.part("metadata").text("order", 60),
        returned_cents=charge.cents("amount_refunded") or 0,
    )


def _card(charge: Answer) -> str:
    card = charge.part("payment_method_details").part("card")
    brand, last4 = card.text("brand", 25), card.text("last4", 4)
    return f"{brand.title()} ending {last4}"[:LONGEST_CARD] if brand else ""


DECLINED = "Declined."
