"""The columns of an export: what PostgreSQL writes for each of them, as text that means one thing.

Money is exact, with its two decimals; a time has the offset of the shop's zone at that moment; a
JSON value is JSON.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast

# What a spreadsheet would take for a formula, were it the first letter of a cell.
# The last four are the wide forms of the first, which some take for the same. With it what looks
# guarded already: whoever takes one apostrophe away has the text as it was.
FORMULA = r"^('*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"


class Kind(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the field, or the annotation, it shows; `width` is relative, for paper."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    width: float = 1.0

    @property
    def is_numeric(self) -> bool:
        """Whether people compare its values digit by digit."""
        return self.kind in {Kind.NUMBER, Kind.MONEY}

    def expression(self, *, guard: bool) -> Combinable:
        """SQL of the cell. `guard`: text that a spreadsheet would run begins with an apostrophe."""
        field = F(self.name)
        match self.kind:
            case Kind.NUMBER:
                return field
            case Kind.MONEY:
                return Func(field, template="round(%(expressions)s / 100.0, 2)")
            case Kind.TIME:
                return _time(field)
            case Kind.JSON:
                return guarded(Cast(field, TextField())) if guard else Cast(field, TextField())
            case Kind.TEXT:
                text = Cast(field, TextField())
                return guarded(text) if guard else text


def guarded(text: Expression) -> Expression:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return Func(
        text,
        Value(FORMULA),
        Value(r"'\1"),
        function="regexp_replace",
        output_field=TextField(),
    )


def _time(field: F) -> Expression:
    """ISO 8601 in the session's zone, to the second: `2026-10-25T02:30:00+01:00`."""
    return Func(
        field, Value('YYYY-MM-DD"T"HH24:MI:SSTZH:TZM'), function="to_char", output_field=TextField()
    )
