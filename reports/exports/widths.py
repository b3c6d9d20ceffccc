"""How much of a text fits into a column, in our font: the rest is cut, and an ellipsis says so."""

from functools import cache
from pathlib import Path

import fontpkg_inter
from fontTools.ttLib import TTFont

# The table on A4, lying: 297 mm less two margins of 12, in points; and what stands between columns.
TABLE, GAP = 273 / 25.4 * 72, 6.0
SIZE = 6.6
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def cut(text: str, *, share: float) -> str:
    """The text in one line, no wider than its share of the table."""
    line = " ".join(text.split())
    room = share * TABLE - GAP
    if len(line) * _widest() <= room or width(line) <= room:
        return line
    room -= width(ELLIPSIS)
    for at, character in enumerate(line):
        room -= width(character)
        if room < 0:
            return line[:at].rstrip() + ELLIPSIS
    return line


def width(text: str) -> float:
    """In points. What the font lacks counts as wide as it is high: so wide are boxes."""
    advances = _advances()
    return sum(advances.get(ord(character), SIZE) for character in text)


@cache
def _widest() -> float:
    return max(_advances()[ord(character)] for character in "MW@mw%")


@cache
def _advances() -> dict[int, float]:
    files = sorted((Path(fontpkg_inter.ROOT) / "files").glob("*.ttf"))
    with TTFont(next(path for path in files if "Italic" not in path.name)) as font:
        scale = SIZE / font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return {code: metrics[glyph][0] * scale for code, glyph in font.getBestCmap().items()}
