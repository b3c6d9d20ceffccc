"""What happens when a card is charged."""

from sandbox.payment.idempotency import Outcome
from sandbox.payment.methods import Method
from sandbox.payment.objects import Thing
from sandbox.payment.request import Slip

_DECLINED = 402


def charge(slip: Slip, intent: Thing, method: Method) -> Outcome:
    """Charge the intent's amount, or record that the bank said no."""
    made = slip.till.new(
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
    return settle(slip, intent, made, method)


def _succeed(slip: Slip, intent: Thing, made: Thing, method: Method) -> Outcome:
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "payment_method": method.id,
        "last_payment_error": None,
    }
    _keep(slip, intent, made, "charge.succeeded", "payment_intent.succeeded")
    slip.accept("charge", made)
    return Outcome(200, intent, reply_lost=method.reply_lost)


def _decline(slip: Slip, intent: Thing, made: Thing, method: Method) -> Outcome:
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
    _keep(slip, intent, made, "charge.failed", "payment_intent.payment_failed")
    slip.refuse("charge", made)
    return Outcome(_DECLINED, {"error": {**error, "payment_intent": dict(intent)}})


def _keep(slip: Slip, intent: Thing, made: Thing, *tales: str) -> None:
    for thing, tale in zip((made, intent), tales, strict=True):
        slip.till.save(thing)
        slip.till.emit(tale, thing)
