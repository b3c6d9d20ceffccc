"""Refunds: the whole of a charge or a part of it."""

from sandbox.faults import Mode
from sandbox.payment import form
from sandbox.payment.errors import PaymentError, invalid, missing
from sandbox.payment.idempotency import Outcome
from sandbox.payment.objects import Thing
from sandbox.payment.request import Slip
from sandbox.payment.turns import FAILURE, turn_later

_KNOWN = ("payment_intent", "charge", "amount", "reason", "metadata", "expand")
_REASONS = (None, "duplicate", "fraudulent", "requested_by_customer")


def refund(slip: Slip) -> Outcome:
    """Give money back; never more than was taken."""
    form.known(slip.params, *_KNOWN)
    reason = form.text(slip.params, "reason")
    if reason not in _REASONS:
        raise invalid("reason", "Invalid reason")
    paid = _charge(slip)
    cents = _cents(slip, paid)
    made = slip.till.new(
        "refund",
        amount=cents,
        currency=paid["currency"],
        charge=paid["id"],
        payment_intent=paid["payment_intent"],
        metadata=form.metadata(slip.params),
        reason=reason,
        status=STATUSES.get(slip.mode, "succeeded"),
    )
    if made["status"] == "failed":
        _fail(slip, paid, made)
    else:
        _give(slip, paid, made)
    if slip.mode in TURNS:
        turn_later(slip.till.store, made["id"], slip.ledger_key(made), TURNS[slip.mode])
    return Outcome(200, made)


# How a refund stands at first, and what becomes of it a little later.
STATUSES = {
    Mode.REFUND_FAILS: "failed",
    Mode.REFUND_PENDING: "pending",
    Mode.REFUND_PENDING_FAILS: "pending",
}
TURNS = {
    Mode.REFUND_PENDING: "succeeded",
    Mode.REFUND_PENDING_FAILS: "failed",
    Mode.REFUND_COMES_BACK: "failed",
}


def _give(slip: Slip, paid: Thing, made: Thing) -> None:
    paid["amount_refunded"] += made["amount"]
    paid["refunded"] = paid["amount_refunded"] == paid["amount"]
    for thing, tale in ((made, "refund.created"), (paid, "charge.refunded")):
        slip.till.save(thing)
        slip.till.emit(tale, thing)
    slip.accept(_named(paid, made), made)


def _fail(slip: Slip, paid: Thing, made: Thing) -> None:
    made["failure_reason"] = FAILURE
    slip.till.save(made)
    for tale in ("refund.created", "refund.failed"):
        slip.till.emit(tale, made)
    slip.accept(_named(paid, made), made)
    slip.book.came_back("payment", slip.ledger_key(made))


def _named(paid: Thing, made: Thing) -> str:
    """Two parts of one charge are two effects, told apart by their amounts."""
    cents = made["amount"]
    return "refund" if cents == paid["amount"] else f"refund of {cents} cents"


def _charge(slip: Slip) -> Thing:
    name = form.text(slip.params, "charge")
    intent_name = form.text(slip.params, "payment_intent")
    if intent_name:
        intent = slip.till.get("payment_intent", intent_name, param="payment_intent", status=400)
        if intent["status"] != "succeeded":
            raise PaymentError(400, f"{intent_name} does not have a successful charge to refund.")
        name = intent["latest_charge"]
    if not name:
        raise missing("payment_intent")
    paid = slip.till.get("charge", name, param="charge", status=400)
    if not paid["paid"]:
        raise PaymentError(400, f"Charge {name} did not succeed.")
    return paid


def _cents(slip: Slip, paid: Thing) -> int:
    left: int = paid["amount"] - paid["amount_refunded"]
    cents = form.amount(slip.params) or left
    if left == 0:
        raise PaymentError(
            400, f"Charge {paid['id']} has already been refunded.", code="charge_already_refunded"
        )
    if cents > left:
        raise invalid(
            "amount",
            f"Refund amount ({cents}) is greater than unrefunded amount ({left})",
        )
    return cents
