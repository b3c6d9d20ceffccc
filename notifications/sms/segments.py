"""How long an SMS is. It is paid for by the segment, and its alphabet decides how long one is.

One segment has 160 letters of GSM 03.38's alphabet, or 70 of UCS-2, where a single letter is none
of that alphabet; with several, each gives seven of the first or three of the second to a header.
Letters of the extension table count twice, and so does in UCS-2 what takes two units of UTF-16.
"""

import unicodedata

from deferral.text.composing import composed
from deferral.text.foreign import one_line

# 3GPP TS 23.038, 6.2.1: the basic table without its escape, and the extension.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")
# Units in one segment that stands alone, and in each of several.
GSM_ALONE, GSM_OF_SEVERAL = 160, 153
UCS_ALONE, UCS_OF_SEVERAL = 70, 67
# What programs put in the place of what everybody can type.
QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e"), '"')
APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019"), "'")
PLAIN = QUOTES | APOSTROPHES | dict.fromkeys(map(ord, "\u2013\u2014"), "-")
MORE = "..."


def segments(words: str) -> int:
    """How many segments the words take; 0 of none."""
    units, alone, of_several = _measure(words)
    return min(units, 1) if units <= alone else -(-units // of_several)


def within(words: str, most: int) -> str:
    """One clean line of at most `most` segments: typographic signs made plain, the rest left out.

    No letter is cut in the middle, nor a mark taken from its letter.
    """
    line = one_line(composed(words).translate(PLAIN), len(words) or 1)
    if segments(line) <= most:
        return line
    while line and segments(line + MORE) > most:
        line = _shorter(line)
    return line.rstrip() + MORE


def _measure(words: str) -> tuple[int, int, int]:
    if set(words) <= BASIC | EXTENSION:
        return len(words) + sum(map(words.count, EXTENSION)), GSM_ALONE, GSM_OF_SEVERAL
    return len(words.encode("utf-16-le")) // 2, UCS_ALONE, UCS_OF_SEVERAL


def _shorter(line: str) -> str:
    """Without its last letter, with the marks and joiners that stand on it."""
    end = len(line) - 1
    while end and unicodedata.category(line[end])[0] in "MC":
        end -= 1
    return line[:end]
