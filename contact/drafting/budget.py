"""What drafts may cost in a day, in tokens and in money, and what each call did cost.

A call is written down before it is made, with the most that it can cost, and put right by what the
service says it used. All workers take turns at this: two never spend the same rest. A day is one
of TIME_ZONE.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from contact.drafting.gateway import MOST_OUT
from contact.drafting.reading import Used
from contact.errors import BudgetReserved, BudgetSpent, NeverFits
from contact.models import Call, Draft

# Millionths of a cent are what a token costs at so many cents a million.
MILLIONTHS = 1_000_000
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s, 1)"
SPENDING = 0xA1
# No call takes longer: what began before has lost its worker.
UNDER_WAY = timedelta(minutes=2)
# What a service's own words around ours take, in tokens.
FRAME = 100


@transaction.atomic
def begin_call(draft: Draft, turns: Sequence[dict[str, str]]) -> Call:
    """Write down a call that is about to be made. BudgetSpent where it may not be today,
    BudgetReserved not at this moment, NeverFits on no day.
    """
    most = _most(turns)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [SPENDING])
    if not _fits(most, (0, 0)):
        raise NeverFits
    if not _fits(most, spent_today()):
        raise BudgetReserved if _fits(most, _settled_today()) else BudgetSpent
    return Call.objects.create(
        draft=draft,
        model=settings.AI_MODEL[:100],
        tokens_in=most.tokens_in,
        tokens_out=most.tokens_out,
        cost=cost_of(most),
    )


def end_call(call: Call, used: Used | None, outcome: str) -> None:
    """What came of it. Without figures it stays the most that it can have been."""
    facts = {"outcome": outcome[:300]}
    if used is None:
        Call.objects.filter(pk=call.pk).update(**facts)
        return
    Call.objects.filter(pk=call.pk).update(
        tokens_in=used.tokens_in,
        tokens_out=used.tokens_out,
        cost=cost_of(used),
        is_known=True,
        **facts,
    )


def cost_of(used: Used) -> int:
    """In millionths of a cent."""
    return used.tokens_in * settings.AI_PRICE_IN + used.tokens_out * settings.AI_PRICE_OUT


def spent_today() -> tuple[int, int]:
    """Tokens, and millionths of a cent."""
    found = Call.objects.filter(began_at__gte=_midnight()).aggregate(
        into=Sum("tokens_in", default=0),
        out=Sum("tokens_out", default=0),
        cost=Sum("cost", default=0),
    )
    return found["into"] + found["out"], found["cost"]


def _settled_today() -> tuple[int, int]:
    """The same without calls that are under way, which are mostly put right to less."""
    tokens, cost = spent_today()
    since = timezone.now() - UNDER_WAY
    begun = Call.objects.filter(began_at__gte=since, is_known=False, outcome="")
    held = begun.filter(began_at__gte=_midnight()).aggregate(
        into=Sum("tokens_in", default=0),
        out=Sum("tokens_out", default=0),
        cost=Sum("cost", default=0),
    )
    return tokens - held["into"] - held["out"], cost - held["cost"]


def seconds_to_tomorrow() -> float:
    """Until there is a new budget."""
    return (_midnight(days=1) - timezone.now()).total_seconds()


def _midnight(days: int = 0) -> datetime:
    """The beginning of today, or of a later day, also where one has 23 hours."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _most(turns: Sequence[dict[str, str]]) -> Used:
    """No tokenizer makes more tokens than there are bytes."""
    sent = sum(len(part.encode()) for turn in turns for part in turn.values())
    return Used(tokens_in=sent + FRAME, tokens_out=MOST_OUT)


def _fits(most: Used, spent: tuple[int, int]) -> bool:
    tokens, cost = spent
    fits = tokens + most.tokens_in + most.tokens_out <= settings.AI_TOKENS_A_DAY
    in_money = settings.AI_CENTS_A_DAY * MILLIONTHS
    return fits and (not in_money or cost + cost_of(most) <= in_money)
