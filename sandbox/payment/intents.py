"""PaymentIntents: create, confirm, cancel."""

import secrets
import time

from sandbox.payment import asking, form
from sandbox.payment.charges import charge
from sandbox.payment.errors import invalid, missing, unexpected_state
from sandbox.payment.idempotency import Reply
from sandbox.payment.methods import find_method
from sandbox.payment.objects import Thing
from sandbox.payment.request import PaymentRequest

_PAYABLE = ("requires_payment_method", "requires_confirmation")
_OPEN = (*_PAYABLE, "requires_action")
_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


def create(asked: PaymentRequest) -> Reply:
    """Make an intent, and charge it at once when `confirm` says so."""
    form.known(asked.params, *_CREATE)
    if form.text(asked.params, "capture_method") not in (None, "automatic", "automatic_async"):
        raise invalid("capture_method", "The sandbox captures automatically.")
    intent = _new(asked)
    asked.objects.save(intent)
    asked.objects.emit("payment_intent.created", intent)
    if form.flag(asked.params, "confirm"):
        return _pay(asked, intent)
    return Reply(200, intent)


def confirm(asked: PaymentRequest) -> Reply:
    """Charge the card, or ask its owner. A decline is a reply too, and is kept under the key."""
    form.known(asked.params, *_CONFIRM)
    return _pay(asked, asked.objects.get("payment_intent", asked.name))


def cancel(asked: PaymentRequest) -> Reply:
    """Give the intent up; a paid one must be refunded instead."""
    form.known(asked.params, "cancellation_reason", "expand")
    intent = asked.objects.get("payment_intent", asked.name)
    if intent["status"] not in _OPEN:
        raise unexpected_state("canceled", intent["status"])
    reason = form.text(asked.params, "cancellation_reason")
    if reason not in (None, *_REASONS):
        raise invalid("cancellation_reason", "Invalid cancellation_reason")
    intent |= {
        "status": "canceled",
        "canceled_at": int(time.time()),
        "cancellation_reason": reason,
        "next_action": None,
    }
    asked.objects.save(intent)
    asked.objects.emit("payment_intent.canceled", intent)
    return Reply(200, intent)


def _pay(asked: PaymentRequest, intent: Thing) -> Reply:
    if intent["status"] not in _PAYABLE:
        raise unexpected_state("confirmed", intent["status"])
    method = form.text(asked.params, "payment_method") or intent["payment_method"]
    if not method:
        raise missing("payment_method")
    found = find_method(method)
    return asking.ask(asked, intent, found) if found.asks else charge(asked, intent, found)


def _new(asked: PaymentRequest) -> Thing:
    params = asked.params
    method = form.text(params, "payment_method")
    intent = asked.objects.new(
        "payment_intent",
        amount=form.required_amount(params),
        currency=form.currency(params),
        metadata=form.metadata(params),
        description=form.text(params, "description"),
        receipt_email=form.text(params, "receipt_email"),
        payment_method=find_method(method).id if method else None,
        status="requires_confirmation" if method else "requires_payment_method",
        **_UNPAID,
    )
    intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_hex(12)}"
    return intent


_UNPAID: Thing = {
    "amount_received": 0,
    "amount_capturable": 0,
    "automatic_payment_methods": None,
    "canceled_at": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "customer": None,
    "last_payment_error": None,
    "latest_charge": None,
    "next_action": None,
    "payment_method_types": ["card"],
}
_CONFIRM = ("payment_method", "return_url", "receipt_email", "off_session", "expand")
_CREATE = (
    *("amount", "currency", "metadata", "description", "confirm", "capture_method"),
    *(
        "automatic_payment_methods",
        "payment_method_types",
        "statement_descriptor_suffix",
        "shipping",
    ),
    *_CONFIRM,
)
