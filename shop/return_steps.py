"""Returns as the customer follows them: a step for each, and the same words on their own page."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from orders.models import Order, OrderLine, Refund, Return
from orders.payments.refunds.sums import Back
from orders.returns.offering import hindrance, why_not
from orders.selectors import in_force
from shop.notes import DEAD, DONE, WAITING
from shop.steps import Step

State = Return.State
SLUG = "return"
ASKED = "We look at it, and tell you by e-mail whether you can send it."
APPROVED = "You can send it now. Write {name} on the parcel: where it goes is on the page."
REFUSED = "We do not take it back: {answer}"
ARRIVED = "It has arrived here. Your money for it is on its way."
HELD_UP = "It has arrived here, and your money for it has not gone back yet. {seen_to}"
SEEN_TO = "This needs one of us: we have been told, and will see to it."
REFUNDED = "It has arrived here, and your money for it went back."
SETTLED = "It has arrived here, and its money went back another way."
CLOSED = "It is over: all you paid for this order goes back, or has gone."


def return_steps(returns: Iterable[Return], refunds: Sequence[Refund]) -> list[Step]:
    """One for each that was not withdrawn. `refunds` are all of the order."""
    return [_step(one, refunds) for one in returns if one.state != State.WITHDRAWN]


def said_of(found: Return, refunds: Sequence[Refund]) -> tuple[str, str]:
    """The state of its step, and a sentence."""
    if found.state == State.ARRIVED and _is_held_up(found, refunds):
        return DEAD, HELD_UP.format(seen_to=SEEN_TO)
    if found.state == State.CLOSED and found.arrived_at is not None:
        return DONE, SETTLED
    state, words = {
        State.ASKED: (WAITING, ASKED),
        State.APPROVED: (WAITING, APPROVED),
        State.REFUSED: (DONE, REFUSED),
        State.ARRIVED: (WAITING, ARRIVED),
        State.REFUNDED: (DONE, REFUNDED),
        State.CLOSED: (DONE, CLOSED),
        State.WITHDRAWN: (DONE, "You keep it."),
    }[State(found.state)]
    return state, words.format(name=found.name, answer=found.answer)


def leads_to_returns(
    order: Order, lines: Iterable[OrderLine], back: Back, steps: Iterable[Step]
) -> str:
    """What the link to them says: there are some, or there may be. Empty: no link. No query."""
    if any(step.slug.startswith(f"{SLUG}-") for step in steps):
        return "Returns"
    is_open = not hindrance(order, back)
    kept = (line for line in lines if back.of(line).quantity < line.quantity)
    return "Send something back" if is_open and not all(map(why_not, kept)) else ""


def _step(found: Return, refunds: Sequence[Refund]) -> Step:
    state, note = said_of(found, refunds)
    address = reverse("shop:returns", args=[found.order.number])
    is_next = found.state == State.APPROVED
    return Step(
        slug=f"{SLUG}-{found.tag}",
        title=f"Return {found.name}",
        state=state,
        note=note,
        links=(("What to do", address),) if is_next else (),
        takes_days=True,
    )


def _is_held_up(found: Return, refunds: Sequence[Refund]) -> bool:
    """Whether its last refund came to nothing, and nothing was decided in its place.

    No query but for one that is asked for: staff may have given it up.
    """
    mine = [one for one in refunds if one.of_return_id == found.pk]
    if mine and mine[-1].state == Refund.State.REQUESTED:
        return not in_force(found.refunds.all())
    return not mine or mine[-1].state not in Refund.MOVING
