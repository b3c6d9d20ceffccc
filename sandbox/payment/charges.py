"""What happens when a card is charged."""

from sandbox.payment.idempotency import Reply
from sandbox.payment.methods import Method
from sandbox.payment.objects import Thing
from sandbox.payment.request import PaymentRequest

_DECLINED = 402


def charge(asked: PaymentRequest, intent: Thing, method: Method) -> Reply:
    """Charge the intent's amount, or record that the bank said no."""
    made = asked.objects.new(
        "charge",
        amount=intent["amount"],
        amount_refunded=0,
        refunded=False,
        currency=intent["currency"],
        metadata=intent["metadata"],
        payment_intent=intent["id"],
        payment_method=method.id,
        payment_method_details={"type": "card", "card": method.card},
        paid=not method.code,
        captured=not method.code,
        status="failed" if method.code else "succeeded",
        failure_code=method.code or None,
        failure_message=method.message or None,
    )
    intent["latest_charge"] = made["id"]
    settle = _decline if method.code else _succeed
    return settle(asked, intent, made, method)


def _succeed(asked: PaymentRequest, intent: Thing, made: Thing, method: Method) -> Reply:
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "payment_method": method.id,
        "last_payment_error": None,
    }
    _keep(asked, intent, made, "charge.succeeded", "payment_intent.succeeded")
    asked.accept("charge", made)
    return Reply(200, intent, reply_lost=method.reply_lost)


def _decline(asked: PaymentRequest, intent: Thing, made: Thing, method: Method) -> Reply:
    error: Thing = {
        "type": "card_error",
        "code": method.code,
        "decline_code": method.decline_code,
        "message": method.message,
        "charge": made["id"],
    }
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error,
    }
    _keep(asked, intent, made, "charge.failed", "payment_intent.payment_failed")
    asked.refuse("charge", made)
    return Reply(_DECLINED, {"error": {**error, "payment_intent": dict(intent)}})


def _keep(asked: PaymentRequest, intent: Thing, made: Thing, *tales: str) -> None:
    for thing, tale in zip((made, intent), tales, strict=True):
        asked.objects.save(thing)
        asked.objects.emit(tale, thing)
