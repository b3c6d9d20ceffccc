"""What somebody looks for: as it was typed, as it is asked, and how much of it at the most."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from deferral.text.foreign import one_line
from deferral.text.typed import tidy
from orders.amounts import MOST_CENTS

MOST_CHARACTERS = 100
# More words do not make a search better, only slower. Of longer ones the beginning counts.
MOST_WORDS, LONGEST_WORD = 8, 40
# Letters from which on the beginning of a word finds it: less finds everything.
SHORTEST_BEGINNING = 3
WORD = re.compile(r"[^\W_]+")
# What people write who know how to: "two words", -without.
OPERATORS = re.compile(r"\"|(?:^|\s)-\w")
PAGE = 24
Order = Literal["best", "cheap", "dear", "new"]
# What is more is neither counted nor ranked: nobody looks at the fortieth page. In an order of the
# shelf's own the first pages are those of all, and each product further down costs a look at it.
MOST_FOUND: Mapping[Order, int] = {"best": 1_000, "cheap": 240, "dear": 240, "new": 240}
LAST_PAGE = -(-max(MOST_FOUND.values()) // PAGE)


@dataclass(frozen=True, slots=True)
class Query:
    """One of PostgreSQL's readers of queries that never fails for this text, and the text."""

    reader: Literal["to_tsquery", "websearch_to_tsquery"]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """`text` is clean and short; prices are in cents, both included."""

    text: str = ""
    category: str = ""
    cheapest: int = 0
    dearest: int = MOST_CENTS
    in_stock: bool = False
    order: Order = "best"
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether more would be found without what else was chosen."""
        usual = Wanted()
        prices = (self.cheapest, self.dearest) != (usual.cheapest, usual.dearest)
        return bool(self.category or self.in_stock or prices)


def clean(typed: str) -> str:
    """One line of what can be seen, whatever was sent. The rest of a long text is left out."""
    return tidy(one_line(typed, 2 * MOST_CHARACTERS))[:MOST_CHARACTERS].strip()


def words_of(text: str) -> tuple[str, ...]:
    """The words of it, as they are looked for."""
    found = (word[:LONGEST_WORD] for word in WORD.findall(text))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def all_of(text: str) -> Query:
    """Every word or the beginning of one, in any form; what people mean by quotes and minus."""
    if OPERATORS.search(text):
        return Query("websearch_to_tsquery", text)
    return Query("to_tsquery", " & ".join(map(_asked, words_of(text))))


def any_of(text: str) -> Query:
    """One of the words is enough."""
    return Query("to_tsquery", " | ".join(map(_asked, words_of(text))))


def _asked(word: str) -> str:
    return f"'{word}':*" if len(word) >= SHORTEST_BEGINNING else f"'{word}'"
