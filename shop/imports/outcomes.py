"""What becomes of a line: in a word, and with what stands behind it."""

from dataclasses import dataclass, field
from enum import StrEnum

from shop.imports.archive import Came
from shop.models import Product


class Outcome(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """Why a line is left out; `column` is "" where it is about all of it."""

    column: str
    said: str


@dataclass(kw_only=True, slots=True)
class Judged:
    """A line, and the product that would come of it. `changed` are the columns that would differ,
    `before` what these say now, `pictures` those that it would get.

    `is_counted`: the file says another stock than there is, which is left as it is.
    """

    line: int
    sku: str
    product: Product | None = None
    changed: list[str] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    pictures: list[Came] = field(default_factory=list)
    is_new: bool = False
    is_counted: bool = False

    @property
    def outcome(self) -> Outcome:
        """In a word."""
        if self.complaints:
            return Outcome.REFUSED
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changed or self.pictures else Outcome.UNCHANGED
