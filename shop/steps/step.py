"""One line of the page on which a customer watches their order."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the page. `aside` is a time or a count.

    `links` lead to what was made; `button`, when all of it is, to the whole. What `takes_days` is
    not worth a look each second.

    `due`: when it is tried again, which is `left` from now, and `when` in the note's words.
    `share`: how much of it is behind us, from 0 to 1.
    """

    slug: str
    title: str
    state: str
    note: str = ""
    aside: str = ""
    links: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    takes_days: bool = False
    share: float = 0.0
    due: datetime | None = None
    left: timedelta = timedelta()
    when: str = ""

    @property
    def without_the_clock(self) -> "Step":
        """Equal at every moment in which nothing about it has changed but how long it still is."""
        before, _, after = self.note_around_the_clock
        return replace(self, note=f"{before}…{after}", left=timedelta(), when="")

    @property
    def note_around_the_clock(self) -> tuple[str, str, str]:
        """What stands before the words that time changes, they, and what stands after them."""
        before, when, after = self.note.rpartition(self.when) if self.when else (self.note, "", "")
        return before, when, after
