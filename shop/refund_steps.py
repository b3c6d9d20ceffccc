"""The step about money that goes back: what is so of it, where the provider has answered.

Until then the job that asks for it says how that goes, as every step does.
"""

from collections.abc import Sequence

from orders.models import Refund
from shop.notes import DEAD, DONE, WAITING
from shop.steps import Step
from shop.wording import euros

State = Refund.State
TITLE, SLUG = "Refund", "refund"


def with_refunds(steps: Sequence[Step], refunds: Sequence[Refund]) -> list[Step]:
    """The steps, and in the place of the refund's, or after them, what is so of the money.

    `refunds` are all of one order, in the order in which they were decided.
    """
    said = said_of(refunds)
    if said is None:
        return list(steps)
    state, note = said
    at = next((n for n, step in enumerate(steps) if step.slug == SLUG), len(steps))
    aside = steps[at].aside if at < len(steps) and state == DONE else ""
    step = Step(slug=SLUG, title=TITLE, state=state, note=note, aside=aside, takes_days=True)
    return [*steps[:at], step, *steps[at + 1 :]]


def said_of(refunds: Sequence[Refund]) -> tuple[str, str] | None:
    """A state and a sentence; None while the last of them is still asked for, or was given up.

    What came to nothing is said for as long as nothing was decided in its place.
    """
    if not refunds or refunds[-1].state in {State.REQUESTED, State.GIVEN_UP}:
        return None
    last, cents = refunds[-1], sums(refunds)
    if last.came_back_at:
        return DEAD, f"{CAME_BACK.format(euros(last.amount_cents))} {SEEN_TO}"
    if last.state in Refund.UNDONE:
        return DEAD, f"{NOT_BACK.format(euros(last.amount_cents))} {SEEN_TO}"
    if cents[State.PENDING]:
        return WAITING, ON_ITS_WAY.format(euros(cents[State.PENDING]))
    return DONE, BACK.format(euros(cents[State.DONE]))


def sums(refunds: Sequence[Refund]) -> dict[str, int]:
    """Cents by state."""
    found = dict.fromkeys(State, 0)
    for refund in refunds:
        found[State(refund.state)] += refund.amount_cents
    return {str(state): cents for state, cents in found.items()}


CAME_BACK = "{} did not reach your card: its bank sent the money back to us."
NOT_BACK = "{} has not gone back to your card yet."
SEEN_TO = "This needs one of us: we have been told, and will see to it."
ON_ITS_WAY = "{} is on its way back to your card. Your bank may take some days."
BACK = "{} went back to your card. Your bank may take some days to show it."
