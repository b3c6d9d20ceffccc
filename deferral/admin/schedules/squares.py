"""The squares of a month on the wall: weeks from Monday to Sunday."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

DAY = timedelta(days=1)
FEW = 3
CALM = ("good", "wait")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One schedule on one day: what became of it, or the time at which it comes."""

    name: str
    subject: str
    words: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One square."""

    date: date
    is_today: bool
    is_in_month: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def shown(self) -> list[Entry]:
        """What stands there by name: what needs a look, and a few others."""
        return [one for one in self.entries if one not in self.folded]

    @property
    def folded(self) -> list[Entry]:
        """What went well, and what comes, where it is more than a few: behind one line."""
        calm = [one for one in self.entries if one.tone in CALM]
        return calm if len(calm) > FEW else []

    @property
    def summary(self) -> str:
        """That line."""
        done = sum(one.tone == "good" for one in self.folded)
        both = ((done, "went well"), (len(self.folded) - done, "to come"))
        return ", ".join(f"{count} {word}" for count, word in both if count)


def weeks_of(month: date, now: datetime) -> list[list[Day]]:
    """From the Monday before its first day to the Sunday after its last, empty."""
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    first = month - month.weekday() * DAY
    count = -(-(next_month(month) - first).days // 7)
    days = [first + n * DAY for n in range(7 * count)]
    squares = [
        Day(date=day, is_today=day == today, is_in_month=day.month == month.month) for day in days
    ]
    return [squares[at : at + 7] for at in range(0, len(squares), 7)]


def next_month(month: date) -> date:
    """The first day of the one after it."""
    return (month + 31 * DAY).replace(day=1)
