"""An answer of the provider's, read by type: a field is empty where it is of another one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deferral.text.foreign import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TEXT, LONGEST_NAME = 200, 90
# What a column holds. Stripe itself takes eight digits.
MOST_CENTS = 2**31 - 1
# In the year 3058: Python's own end is far behind it.
LAST_MOMENT = 2**35


class Answer:
    """An object of the provider's, or a part of one. No reader raises."""

    def __init__(self, fields: object = None) -> None:
        self._fields: Mapping[str, Any] = fields if isinstance(fields, dict) else {}

    def text(self, field: str, most: int = LONGEST_TEXT) -> str:
        """One line for people; empty for what is no text."""
        return one_line(self._fields.get(field), most)

    def name(self, field: str, most: int = LONGEST_NAME) -> str:
        """Something that is looked up again: as it is, or empty."""
        value = self._fields.get(field)
        fits = isinstance(value, str) and value.isascii() and value.isprintable()
        return str(value) if fits and len(str(value)) <= most else ""

    def cents(self, field: str) -> int | None:
        """An amount; None for what is none."""
        value = self._fields.get(field)
        return value if type(value) is int and 0 <= value <= MOST_CENTS else None

    def flag(self, field: str) -> bool:
        """Whether it says yes."""
        return self._fields.get(field) is True

    def denies(self, field: str) -> bool:
        """Whether it says no."""
        return self._fields.get(field) is False

    def moment(self, field: str) -> datetime | None:
        """Unix seconds as a time; None for what is none."""
        value = self._fields.get(field)
        if type(value) is not int or not 0 <= value < LAST_MOMENT:
            return None
        return datetime.fromtimestamp(value, UTC)

    def part(self, field: str) -> "Answer":
        """An object in it; an empty one where there is none."""
        return Answer(self._fields.get(field))

    def parts(self, field: str) -> "list[Answer] | None":
        """The objects of a list in it; None where there is no list."""
        value = self._fields.get(field)
        return [Answer(one) for one in value] if isinstance(value, list) else None
