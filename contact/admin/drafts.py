"""Drafts as staff read them: what is proposed, what is wrong with it, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from contact.models import Call, Draft, Message
from contact.selectors import is_given_up

GIVEN_UP = "Its job was given up. Replay it among the dead letters, or ask for another draft."
A_CENT = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """`cost` is a line such as `412 tokens, 0.03 ct`."""

    draft: Draft
    problem: str
    cost: str


def of_message(message: Message) -> list[Shown]:
    """The newest first. Three queries, and one more for each that is still to come."""
    found = message.drafts.prefetch_related("calls").order_by("-number")
    return [_shown(draft) for draft in found]


def _shown(draft: Draft) -> Shown:
    problem = GIVEN_UP if is_given_up(draft) else draft.problem
    return Shown(draft=draft, problem=problem, cost=in_words([*draft.calls.all()]))


def in_words(calls: Sequence[Call]) -> str:
    """What all calls took together. `at most` where the service did not say; empty of none."""
    if not calls:
        return ""
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    cents = sum(call.cost for call in calls) / A_CENT
    limit = "" if all(call.is_known for call in calls) else "at most "
    often = f" in {len(calls)} calls" if len(calls) > 1 else ""
    return f"{limit}{tokens:,} tokens, {cents:.2f} ct{often}, {calls[-1].model}"
