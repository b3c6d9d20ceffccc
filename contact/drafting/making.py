"""One draft: the call is written down, made, and what came of it kept. Safe to repeat."""

import random

import structlog
from django.conf import settings
from django.db.models.functions import Now

from contact.drafting.budget import begin_call, end_call, seconds_to_tomorrow
from contact.drafting.gateway import complete, nothing_ran
from contact.drafting.prompt import prompt_for
from contact.drafting.reading import Reading, Used
from contact.errors import BudgetReserved, BudgetSpent, NeverFits
from contact.models import Call, Draft, Message
from contact.selectors import message_by_id, order_of
from deferral.crashpoints import crashpoint
from deferral.errors import Outcome, Snooze
from deferral.tasks import finishing

log = structlog.get_logger(__name__)

WAITS = "Waits until tomorrow: today's budget of the AI service is used up."
TOO_LARGE = "No day's budget of the AI service is large enough for this message."
UNNAMED = "No AI service is named any more."
NOTHING = Used(tokens_in=0, tokens_out=0)
# Seconds over which those that wait for a new day come back.
SPREAD = 900.0
# Seconds. By then a call under way has said what it used.
A_MOMENT = 60.0


def make_draft(*, message_id: int, number: int, key: str) -> None:
    """Ask the AI service, and keep what it proposes.

    Nothing where the message is settled or has left, or the draft has ended. A snooze until
    tomorrow where today's budget is used up. A worker killed in the middle of a call leaves that
    call with the most that it can have cost; the next attempt is a call of its own, under the same
    key.
    """
    message = message_by_id(message_id)
    draft = _open(message, number) if message else None
    if message is None or draft is None:
        log.info("draft_not_made", key=key, reason="it is settled, or made already")
        return
    if not settings.AI_URL:
        _come_to_nothing(draft, UNNAMED)
        return
    turns = prompt_for(message, order_of(message))
    try:
        call = _begin(draft, turns)
    except NeverFits:
        _come_to_nothing(draft, TOO_LARGE)
        return
    crashpoint("draft_call_recorded")
    reading = _ask(call, turns, key)
    crashpoint("draft_answered")
    with finishing():
        _keep(draft, call, reading)


def _open(message: Message, number: int) -> Draft | None:
    if not message.is_open and number == 1:
        return None  # nobody asked for it but the form
    draft, _ = Draft.objects.get_or_create(message=message, number=number)
    return draft if draft.is_asked else None


def _begin(draft: Draft, turns: list[dict[str, str]]) -> Call:
    try:
        call = begin_call(draft, turns)
    except BudgetReserved:
        raise Snooze("the rest of today's budget is under way", seconds=A_MOMENT) from None
    except BudgetSpent:
        Draft.objects.filter(pk=draft.pk).update(problem=WAITS)
        wait = seconds_to_tomorrow() + random.uniform(0, SPREAD)  # noqa: S311 - no secret
        raise Snooze("today's budget is used up", seconds=wait) from None
    if draft.problem:
        Draft.objects.filter(pk=draft.pk).update(problem="")
    return call


def _ask(call: Call, turns: list[dict[str, str]], key: str) -> Reading:
    try:
        return complete(turns, key=key)
    except Snooze:
        call.delete()  # it was never made
        raise
    except Outcome as outcome:
        end_call(call, NOTHING if nothing_ran(outcome) else None, outcome.cause)
        raise


def _come_to_nothing(draft: Draft, why: str) -> None:
    ended = {"state": Draft.State.UNUSABLE, "problem": why, "ended_at": Now()}
    Draft.objects.filter(pk=draft.pk).update(**ended)


def _keep(draft: Draft, call: Call, reading: Reading) -> None:
    end_call(call, reading.used, reading.problem or "made")
    state = Draft.State.MADE if reading.words else Draft.State.UNUSABLE
    Draft.objects.filter(pk=draft.pk).update(
        state=state, words=reading.words, problem=reading.problem, ended_at=Now()
    )
