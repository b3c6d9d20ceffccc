"""Unicode's normal forms of text that anybody may have written.

Python puts the marks on one letter in order by comparing each with all before it: of 160,000 marks
that is half a minute, in which no other thread runs. So no more of them are looked at than a letter
ever has (Unicode UAX 15 allows the same number in its stream-safe text format).
"""

import unicodedata
from typing import Literal

MOST_MARKS = 30


def composed(text: str, form: Literal["NFC", "NFD", "NFKC"] = "NFC") -> str:
    """In that form, with at most MOST_MARKS marks on a letter: the others are left out.

    The work grows as the text does. What it returns it leaves as it is.
    """
    if text.isascii():
        return text
    # Some marks are written as two, so those that came of it are counted again.
    return _bounded(unicodedata.normalize(form, _bounded(text)))  # noqa: TID251 - bounded here


def _bounded(text: str) -> str:
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if _is_mark(letter) else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _is_mark(letter: str) -> bool:
    """Also one that is none itself, and becomes two of them: three vowels of Tibetan."""
    first = unicodedata.normalize("NFKD", letter)[0]  # noqa: TID251 - of one letter
    return unicodedata.combining(first) > 0
