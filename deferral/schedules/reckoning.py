"""What is due of one schedule at one moment, computed from its row alone.

A schedule counts from its last tick; from its edit, when somebody changed what it does or when; and
from now, when the clock was set back by more than a minute. What was missed goes by its policy.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django_celery_beat.models import PeriodicTask

from deferral.errors import NeverComes, Unreadable
from deferral.models import Schedule
from deferral.schedules.ticks import Ticks, insist_that_it_comes, meaning_of, ticks_of

# Four days of an hourly schedule; more would hold up its queue for longer than it is worth.
MOST = 100
# Beat looks every five seconds and is back from a restart within half a minute.
ON_TIME = timedelta(seconds=60)
# Smaller steps of a clock are waited for.
SET_BACK = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """How a schedule stands at one moment: what is due, and what to remember once it is written."""

    counted_from: datetime
    meaning: str
    set_back: int
    due: Sequence[datetime] = ()
    coming: datetime | None = None
    wrong: str = ""

    def is_known(self, row: Schedule) -> bool:
        """Whether there is nothing to write."""
        kept = (row.counted_from, row.meaning, row.set_back)
        return not self.due and kept == (self.counted_from, self.meaning, self.set_back)


def reckon(row: Schedule, now: datetime) -> Reckoning:
    """Computed from the row alone. `wrong` says why it never comes, if it does not."""
    try:
        meaning = meaning_of(row.form) if row.form.enabled else ""
    except ValidationError as error:
        since = row.counted_from or now
        wrong = f"Its time zone is not known here: {', '.join(error.messages)}"
        return Reckoning(
            counted_from=since, meaning=row.meaning, set_back=row.set_back, wrong=wrong
        )
    set_back = row.set_back + bool(row.counted_from and row.counted_from > now + SET_BACK)
    since = _counted_from(row, meaning, now)
    found = Reckoning(counted_from=since, meaning=meaning, set_back=set_back)
    if not meaning:
        return found
    try:
        ticks = ticks_of(row.form)
        arguments_of(row.form)
    except Unreadable as error:
        return replace(found, wrong=str(error))
    return _due(row, found, ticks, now)


def _due(row: Schedule, found: Reckoning, ticks: Ticks, now: datetime) -> Reckoning:
    is_each = row.missed == Schedule.Missed.EACH and not row.form.one_off
    late = ticks.between(found.counted_from, now, MOST if is_each else 1)
    is_skip = row.missed == Schedule.Missed.SKIP
    due = [tick for tick in late if not is_skip or now - tick <= ON_TIME]
    since = late[-1] if late else found.counted_from
    is_over = bool(due and row.form.one_off)
    return replace(
        found,
        counted_from=since,
        meaning="" if is_over else found.meaning,
        due=due,
        coming=None if is_over else ticks.after(since),
        wrong="" if due else _never(ticks, since),
    )


def _counted_from(row: Schedule, meaning: str, now: datetime) -> datetime:
    """An edit counts from when it was made, as far as that is known; nothing from the future."""
    kept: datetime | None = row.counted_from
    edited: datetime = row.form.date_changed
    if kept is None:
        return min(max(row.form.last_run_at or edited, edited), now)
    if kept > now + SET_BACK:
        return now
    if meaning and meaning != row.meaning:
        return max(kept, edited) if kept < edited <= now else now
    # Switched off and on again while no beat looked on: django-celery-beat leaves this empty then.
    if meaning and row.form.last_run_at is None:
        return max(kept, min(edited, now))
    return kept


def _never(ticks: Ticks, since: datetime) -> str:
    try:
        insist_that_it_comes(ticks, since)
    except NeverComes as error:
        return str(error)
    return ""


def arguments_of(form: PeriodicTask) -> dict[str, Any]:
    """By name. Unreadable for anything else, which a job could not be given."""
    try:
        given, named = json.loads(form.args or "[]"), json.loads(form.kwargs or "{}")
    except ValueError as error:
        raise Unreadable("Its arguments are no JSON.") from error
    if given or not isinstance(named, dict):
        raise Unreadable("Its arguments are not all named.")
    return named
