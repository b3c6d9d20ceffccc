"""What the provider's answer about a charge comes to: read by its state, its type and its money."""

from dataclasses import dataclass
from typing import Literal

from orders.errors import PaymentRefused, PaymentUnavailable
from orders.payments.provider import bank_pages
from orders.payments.provider.reading import Answer

PaymentOutcome = Literal[
    "captured", "failed", "unknown", "unavailable", "refused", "held", "bank", "unconfirmed"
]
LONGEST_CARD = 40
# Nobody has confirmed it: it charges nothing unless somebody does.
UNCONFIRMED = frozenset({"requires_payment_method", "requires_confirmation"})
DECLINED = "Declined."


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """What the provider said. `failed`, `unavailable`, `refused`, `held`: certainly not charged.

    `refused`: it would be again, for what we ask or who we are is wrong; somebody must mend it.
    `held`: it was not asked, for its breaker is open; worth trying again in `wait` seconds.
    `bank`: the customer has to answer their bank at `url` first (3-D Secure); empty where that is
    no page we follow. `unconfirmed`: nothing is charged, unless somebody confirms it.
    `failure`: why nothing is known, where that is the provider's doing. What was captured is in
    the provider's own words: `cents` of a `currency` for an `order`; empty where it did not say.
    `returned_cents` of it went back since.
    """

    outcome: PaymentOutcome
    ref: str = ""
    reason: str = ""
    card: str = ""
    wait: float = 0.0
    url: str = ""
    failure: PaymentUnavailable | None = None
    cents: int | None = None
    currency: str = ""
    order: str = ""
    returned_cents: int = 0


def not_charged(failure: PaymentUnavailable, *, ref: str = "") -> Settlement:
    """Nothing was done: for now, or for good. `reason` is for the customer to read."""
    outcome: PaymentOutcome = "refused" if isinstance(failure, PaymentRefused) else "unavailable"
    return Settlement(outcome=outcome, ref=ref, reason=str(type(failure)()), failure=failure)


def not_confirmed(ref: str, error: PaymentUnavailable) -> Settlement:
    """Only what the provider itself has said makes it certain that nothing was charged."""
    if error.declined:
        return Settlement(outcome="failed", ref=ref, reason=error.words or DECLINED)
    if isinstance(error, PaymentRefused):
        return not_charged(error, ref=ref)
    return Settlement(outcome="unknown", ref=ref, reason=str(error), failure=error)


def settlement_of(intent: Answer, ref: str) -> Settlement | None:
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
