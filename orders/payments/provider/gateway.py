"""The payment provider, by its own SDK (Stripe). No card number ever passes through here.

Two calls make a charge: *create* names it at the provider and moves nothing; *confirm* charges.
Because its name is stored before, a confirm that was never answered can be asked about, and called
off, with certainty.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import stripe
from django.conf import settings

from orders.errors import PaymentUnavailable
from orders.payments.provider.answers import PROVIDER, unreadable
from orders.payments.provider.answers import ask as ask_for
from orders.payments.provider.reading import Answer
from orders.payments.provider.settlements import Settlement, not_confirmed, settlement_of
from orders.payments.provider.stored_errors import past_stored_errors
from orders.payments.provider.wire import Wire

if TYPE_CHECKING:
    from stripe.params import PaymentIntentConfirmParams

__all__ = ["PROVIDER", "Settlement"]


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
        raise unreadable("something that is no payment")
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
        return not_confirmed(ref, error)
    found = settlement_of(intent, ref)
    if found is None or found.outcome == "unconfirmed":
        return Settlement(outcome="unknown", ref=ref, reason=intent.text("status"))
    return found


def ask(ref: str) -> Settlement | None:
    """What became of a charge; None while the provider does not know. PaymentUnavailable."""
    intent = ask_for(
        lambda: client().v1.payment_intents.retrieve(ref, {"expand": ["latest_charge"]})
    )
    return settlement_of(intent, ref)


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
