"""3-D Secure: the bank asks its customer before anything is charged, as Stripe's redirect does.

Until then the intent `requires_action`. Its `next_action` names the page only where the caller gave
a `return_url`; else the shop would need Stripe's own script in the browser (`use_stripe_sdk`).
"""

from sandbox.payment import form
from sandbox.payment.charges import charge
from sandbox.payment.idempotency import Reply
from sandbox.payment.methods import Method, find_method
from sandbox.payment.objects import Thing
from sandbox.payment.request import PaymentRequest

_REFUSED = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
    "message": "Your bank did not confirm that it is you. Please choose another card.",
}


def ask(asked: PaymentRequest, intent: Thing, method: Method) -> Reply:
    """Nothing is charged; the customer has to go to the bank's page."""
    back = form.text(asked.params, "return_url")
    page = f"{asked.objects.site}/bank/{intent['id']}?client_secret={intent['client_secret']}"
    intent |= {
        "status": "requires_action",
        "payment_method": method.id,
        "last_payment_error": None,
        "next_action": {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": page, "return_url": back},
        }
        if back
        else {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
    }
    asked.objects.save(intent)
    asked.objects.emit("payment_intent.requires_action", intent)
    return Reply(200, intent)


def approve(asked: PaymentRequest, intent: Thing) -> None:
    """The customer says yes: the card is charged, or declined after all."""
    intent["next_action"] = None
    charge(asked, intent, find_method(intent["payment_method"]))


def decline(asked: PaymentRequest, intent: Thing) -> None:
    """The customer says no: nothing is charged, and another method may be tried."""
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_payment_error": _REFUSED,
    }
    asked.objects.save(intent)
    asked.objects.emit("payment_intent.payment_failed", intent)
    asked.refuse("charge", intent)
