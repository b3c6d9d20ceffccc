"""The judgement, from the services' journals and what was committed: nothing lost, nothing doubled.

An effect is named by what an external service understood (order, external service, what), never by
our keys.
"""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from deferral.models import Event, Job
from orders.events import PaymentFailed
from orders.models import Order, PaymentAttempt, Refund
from orders.selectors import refunds_of
from reports.document_keys import expected_keys
from reports.models import Document
from shop.models import Product
from shop.wording import euros
from tests.proofs.machine.receivers import BANK, OF_NO_ORDER, Effect, MailServer
from tests.proofs.machine.staging import STOCK
from tests.proofs.machine.world import World
from tests.rig.owed_effects import CANCELLED, when_given_back, when_paid

CONFIRMATION = "Your order"
BAD_NEWS = "Your payment for order did not go through"
SUPPLIERS = ("print_room", "box_office")
GIVEN_BACK = when_given_back(*SUPPLIERS)


def check(world: World) -> None:
    """AssertionError with everything that is wrong."""
    judges = (effects, repeats, attempts, documents, payments, refunds, refusals, stock)
    found = [sin for judge in judges for sin in judge(world)]
    sins = world.crew.witness.sins + found
    assert not sins, "\n".join(sins)


def effects(world: World) -> Iterator[str]:
    """Each owed one exactly once or explained; none that is not owed."""
    owed: dict[Effect, tuple[str, ...]] = {}
    for order in Order.objects.all():
        owed |= {(order.number, who, what): keys for who, what, keys in owed_by(world, order)}
    for effect, keys in owed.items():
        accepted = world.books.accepted.get(effect, Counter())
        if len(accepted) > 1:
            yield f"{effect} under several keys: {dict(accepted)}"
        if not accepted and not explained(effect[0], keys):
            yield f"{effect} is missing"
    others = {effect for effect in world.books.accepted if effect[0] != OF_NO_ORDER} - owed.keys()
    known = {effect for effect in others if is_refusal(effect) or is_bad_news(effect)}
    yield from (f"{effect} without a cause" for effect in others - known)


def is_refusal(effect: Effect) -> bool:
    """What staff are told of refunds: of several refused ones with one amount, several times."""
    return effect[1] == "mail" and effect[2].endswith("refused for order")


def is_bad_news(effect: Effect) -> bool:
    """What a customer was told whose payment had failed, before it was found after all."""
    is_mail = effect[1:] == ("mail", BAD_NEWS)
    return is_mail and has_to_be_told(Order.objects.get(number=effect[0]))


def has_to_be_told(order: Order) -> bool:
    """Whether the customer was not there when the payment failed."""
    return Event.objects.filter(subject=order.subject, type=PaymentFailed.type).exists()


def refusals(world: World) -> Iterator[str]:
    """Staff hear of each refund that was refused, once."""
    told = Counter(
        {effect: len(keys) for effect, keys in world.books.accepted.items() if is_refusal(effect)}
    )
    for refund in Refund.objects.filter(state="refused").select_related("payment__order"):
        number, cents = refund.payment.order.number, euros(refund.amount_cents)
        effect = number, "mail", f"Refund of {cents} refused for order"
        told[effect] -= 0 if explained(number, (f"refund_refused:{refund.pk}",)) else 1
    yield from (f"{effect}: told {n} times too often" for effect, n in told.items() if n)


def owed_by(world: World, order: Order) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What must have come of what was committed about it."""
    if order.state == Order.State.PAYMENT_FAILED and has_to_be_told(order):
        yield "mail", BAD_NEWS, ("payment_failed:",)
    if order.paid_at is None:
        return
    yield from when_paid(*SUPPLIERS)
    for document in late_documents(order):
        name = document.filename
        yield "mail", f"More for your order: {name}", (f"late_document:{document.key}",)
    if order.pk in world.staff.cancelled:
        yield from CANCELLED
    if order.pk in world.staff.cancelled | world.staff.refunded:
        yield from GIVEN_BACK
    yield from refunds_owed(order)


def refunds_owed(order: Order) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What must have come of each refund that was recorded as done."""
    done = list(refunds_of(order.pk).filter(state="done").order_by("settled_at"))
    for refund in done:
        cents = refund.amount_cents
        yield BANK, f"refund of {cents}", ()
        part = "" if cents == order.total_cents else f"of {euros(cents)} "
        yield "mail", f"Your refund {part}for order", ("refund_mail:",)
        if refund != done[-1] or order.state != Order.State.REFUNDED:
            keys = ("audit:order_partly_refunded:", "audit_filed:")
            yield "audit-archive", f"order_partly_refunded of {cents}", keys
            partner = ("partner:order.partly_refunded:",)
            yield "partner", f"order.partly_refunded of {cents}", partner


def late_documents(order: Order) -> list[Document]:
    """Those that the confirmation was sent without, and that are there by now."""
    keys = Job.objects.filter(subject=order.subject, task="notifications.send_late_document")
    names = [kwargs["document"] for kwargs in keys.values_list("kwargs", flat=True)]
    return list(Document.objects.filter(key__in=names))


def explained(number: str, keys: tuple[str, ...]) -> bool:
    """Whether the ledger shows that it was given up, or came too late.

    No thanks are sent for an order that was called off meanwhile, and no ticket whose money is
    about to go back.
    """
    is_thanks = any(key.startswith(("order_confirmation:", "late_document:")) for key in keys)
    if is_thanks and not Order.objects.filter(number=number, state=Order.State.PAID).exists():
        return True
    if any(key.startswith("late_document:") for key in keys) and tickets_were_void(number):
        return True
    gone = Job.objects.filter(subject=f"order:{number}", state__in=["discarded", "expired"])
    return any(gone.filter(key__startswith=key).exists() for key in keys)


def tickets_were_void(number: str) -> bool:
    """Whether all its money was to go back at some time: then none of them was mailed."""
    whole = Refund.objects.filter(payment__order__number=number, amount_cents__gt=100)
    return whole.exists()


def repeats(world: World) -> Iterator[str]:
    """An external service gets a thing again only if a reply was lost, or a process died of it."""
    ids = dict(Job.objects.values_list("key", "pk"))
    for effect, keys in world.books.accepted.items():
        for key, times in keys.items():
            job = world.books.job_of.get((effect, key))
            reasons = world.books.lost[job] + world.crew.witness.deaths[ids[job]] if job else 0
            if times - 1 > reasons:
                yield f"{effect} was received {times} times, with {reasons} reasons to repeat"


def attempts(world: World) -> Iterator[str]:
    """Spent on the job's own failures and on nothing else."""
    for job in Job.objects.all():
        if job.attempts > 1 + world.books.failures[job.key]:
            yield f"{job.key}: {job.attempts} attempts, {world.books.failures[job.key]} failures"
        if job.crashes + job.losses > world.crew.witness.deaths[job.pk]:
            yield f"{job.key}: more deaths than there were"


def documents(world: World) -> Iterator[str]:
    """All of a paid order's, unless given up; and each mailed: with the confirmation, or after."""
    for order in Order.objects.exclude(paid_at=None):
        expected = expected_keys(order)
        written = set(Document.objects.filter(order=order).values_list("key", flat=True))
        lost = [key for key in expected if key not in written]
        yield from (
            f"{key} was never written" for key in lost if not explained(order.number, (key,))
        )
        attached = MailServer.attached.get((order.number, "mail", CONFIRMATION))
        late = Job.objects.filter(subject=order.subject, key__startswith="late_document:").count()
        # Given up before the confirmation left, it is named there as what will not come.
        given_up = Job.objects.filter(key__in=expected, state="discarded").count()
        given_up += len(expected) - 1 if tickets_were_void(order.number) else 0
        if attached is not None and not 0 <= len(expected) - attached - late <= given_up:
            yield f"{order.number}: of {len(expected)} documents {attached} mailed, {late} later"


def payments(world: World) -> Iterator[str]:
    """Who was charged has an order that is paid, and the other way round; none is left open."""
    unsettled = {Order.State.AWAITING_PAYMENT, Order.State.PAYMENT_UNKNOWN}
    for order in Order.objects.all():
        charges = world.books.accepted.get((order.number, BANK, "charge"), Counter()).total()
        is_wrong = charges != (order.paid_at is not None) or order.state in unsettled
        if is_wrong and not explained(order.number, ("settle_payment:",)):
            yield f"{order.number}: charged {charges} times, and {order.state} for ever"


def refunds(world: World) -> Iterator[str]:
    """What was decided went back, to the cent; never more than was captured."""
    for payment in PaymentAttempt.objects.filter(state__in=["captured", "refunded"]):
        id_, number = payment.order_id, payment.order.number
        parts = sum(cents for order, cents in world.staff.parts if order == id_)
        is_all = id_ in world.staff.cancelled | world.staff.refunded
        owed = payment.amount_cents if is_all else parts
        if payment.refunded_cents != owed and not explained(number, ("refund:",)):
            yield f"{number}: {payment.refunded_cents} cents went back of {owed}"


def stock(_: World) -> Iterator[str]:
    """What is there and what is held or sold is what there was."""
    for product in Product.objects.all():
        kept = product.reservations.exclude(state="released").aggregate(n=Sum("quantity"))["n"] or 0
        if (product.available or 0) + kept != STOCK:
            yield f"{product.sku}: {product.available} left and {kept} kept of {STOCK}"
