"""Refunds: the whole of a charge or a part of it."""

from sandbox.fault_switches import Mode
from sandbox.payment import form
from sandbox.payment.errors import PaymentError, invalid, missing
from sandbox.payment.idempotency import Reply
from sandbox.payment.objects import Thing
from sandbox.payment.request import PaymentRequest
from sandbox.payment.turns import FAILURE, turn_later

_KNOWN = ("payment_intent", "charge", "amount", "reason", "metadata", "expand")
_REASONS = (None, "duplicate", "fraudulent", "requested_by_customer")


def refund(asked: PaymentRequest) -> Reply:
    """Give money back; never more than was taken."""
    form.known(asked.params, *_KNOWN)
    reason = form.text(asked.params, "reason")
    if reason not in _REASONS:
        raise invalid("reason", "Invalid reason")
    paid = _charge(asked)
    cents = _cents(asked, paid)
    made = asked.objects.new(
        "refund",
        amount=cents,
        currency=paid["currency"],
        charge=paid["id"],
        payment_intent=paid["payment_intent"],
        metadata=form.metadata(asked.params),
        reason=reason,
        status=STATUSES.get(asked.mode, "succeeded"),
    )
    if made["status"] == "failed":
        _fail(asked, paid, made)
    else:
        _give(asked, paid, made)
    if asked.mode in TURNS:
        turn_later(asked.objects.store, made["id"], asked.journal_key(made), TURNS[asked.mode])
    return Reply(200, made)


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


def _give(asked: PaymentRequest, paid: Thing, made: Thing) -> None:
    paid["amount_refunded"] += made["amount"]
    paid["refunded"] = paid["amount_refunded"] == paid["amount"]
    for thing, tale in ((made, "refund.created"), (paid, "charge.refunded")):
        asked.objects.save(thing)
        asked.objects.emit(tale, thing)
    asked.accept(_named(paid, made), made)


def _fail(asked: PaymentRequest, paid: Thing, made: Thing) -> None:
    made["failure_reason"] = FAILURE
    asked.objects.save(made)
    for tale in ("refund.created", "refund.failed"):
        asked.objects.emit(tale, made)
    asked.accept(_named(paid, made), made)
    asked.journal.came_back("payment", asked.journal_key(made))


def _named(paid: Thing, made: Thing) -> str:
    """Two parts of one charge are two effects, told apart by their amounts."""
    cents = made["amount"]
    return "refund" if cents == paid["amount"] else f"refund of {cents} cents"


def _charge(asked: PaymentRequest) -> Thing:
    name = form.text(asked.params, "charge")
    intent_name = form.text(asked.params, "payment_intent")
    if intent_name:
        intent = asked.objects.get(
            "payment_intent", intent_name, param="payment_intent", status=400
        )
        if intent["status"] != "succeeded":
            raise PaymentError(400, f"{intent_name} does not have a successful charge to refund.")
        name = intent["latest_charge"]
    if not name:
        raise missing("payment_intent")
    paid = asked.objects.get("charge", name, param="charge", status=400)
    if not paid["paid"]:
        raise PaymentError(400, f"Charge {name} did not succeed.")
    return paid


def _cents(asked: PaymentRequest, paid: Thing) -> int:
    left: int = paid["amount"] - paid["amount_refunded"]
    cents = form.amount(asked.params) or left
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
