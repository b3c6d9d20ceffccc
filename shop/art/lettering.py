"""Letters as outlines, drawn in the shop's own two fonts: a picture in an <img> has no page fonts.

Not for text that is read: a browser's own letters are smaller, sharper and can be searched.
"""

import math
import threading
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "static" / "shop" / "fonts"
SERIF, SANS = "fraunces-latin-600.woff2", "inter-latin-wght-normal.woff2"
# Outlines are rounded to a quarter of the picture's unit, or a sixtieth of an em; a curve shorter
# than five such steps is drawn as a line, a line shorter than two not at all. Nobody sees it, and
# letters weigh half as much.
STEPS, EM = 4, 60
STRAIGHT, NOTHING = 5, 2
# fontTools reads a letter when it is first drawn: a second thread would find half of it.
_ONE_AT_A_TIME = threading.RLock()


class Outline(BasePen):  # type: ignore[misc] # fontTools has no types
    """Writes a letter as a path's relative commands, rounded without adding up the errors."""

    def __init__(self, glyphs: Any, scale: float, x: float) -> None:
        super().__init__(glyphs)
        self.scale, self.x, self.at = scale, x, (0, 0)
        self.drawn: list[str] = []

    def _round(self, point: tuple[float, float]) -> tuple[int, int]:
        return round(self.x + point[0] * self.scale), round(-point[1] * self.scale)

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 the pen's own names
        self.at = self._round(pt)
        self.drawn.append(f"M{self.at[0]} {self.at[1]}")

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        end = self._round(pt)
        x, y = end[0] - self.at[0], end[1] - self.at[1]
        if math.hypot(x, y) < NOTHING:
            return
        self.at = end
        straight = f"h{x}" if x else f"v{y}"
        self.drawn.append(f"l{pair(x, y)}" if x and y else straight)

    def _qCurveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float]) -> None:  # noqa: N802
        (x, y), bend, end = self.at, self._round(pt1), self._round(pt2)
        if math.dist(self.at, end) < STRAIGHT:
            return self._lineTo(pt2)
        self.at = end
        steps = pair(bend[0] - x, bend[1] - y), pair(end[0] - x, end[1] - y)
        return self.drawn.append("q" + " ".join(steps).replace(" -", "-"))

    def _closePath(self) -> None:  # noqa: N802
        self.drawn.append("z")


def pair(x: int, y: int) -> str:
    """Two numbers; a minus parts them as well as a space."""
    return f"{x}{y}" if y < 0 else f"{x} {y}"


@cache
def font(face: str) -> tuple[Any, dict[int, str], float]:
    """A font's letters, their names by code point, and what one of its units is of an em."""
    found = TTFont(FONTS / face)
    return found.getGlyphSet(), found.getBestCmap(), 1 / found["head"].unitsPerEm


def width_of(content: str, *, face: str = SERIF, spacing: float = 0) -> float:
    """In ems. A letter the font does not have counts as half an em."""
    glyphs, names, unit = font(face)
    with _ONE_AT_A_TIME:
        known = sum(glyphs[names[ord(c)]].width * unit for c in content if ord(c) in names)
    unknown = sum(ord(c) not in names for c in content)
    return float(known) + unknown * 0.5 + max(0, len(content) - 1) * spacing


def outline(content: str, *, em: float, face: str, spacing: float) -> str:
    """The path of one line, its middle at 0, with `em` steps to the em."""
    glyphs, names, unit = font(face)
    x = -width_of(content, face=face, spacing=spacing) * em / 2
    drawn: list[str] = []
    for letter in content:
        pen = Outline(glyphs, unit * em, x)
        with _ONE_AT_A_TIME:
            glyph = glyphs[names[ord(letter)]]
            glyph.draw(pen)
        drawn += pen.drawn
        x += (glyph.width * unit + spacing) * em
    return "".join(drawn)


def text(
    x: float, y: float, size: float, content: str, fill: str,
    *, face: str = SERIF, spacing: float = 0,
) -> str:  # fmt: skip
    """One centred line, `spacing` in ems. In the reader's serif where our font lacks a letter."""
    if all(ord(letter) in font(face)[1] for letter in content):
        em = max(EM, STEPS * size)
        path = outline(content, em=em, face=face, spacing=spacing)
        moved = f"translate({x:g} {y:g})scale({size / em:.3g})"
        return f'<path transform="{moved}" d="{path}" fill="{fill}"/>'
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="middle" '
        f'font-family="Georgia,Cambria,serif">{escape(content)}</text>'
    )


def fit(content: str, *, width: float, most: float, face: str = SERIF, spacing: float = 0) -> float:
    """The font size at which `content` is at the most `width` wide, and never above `most`."""
    ems = width_of(content, face=face, spacing=spacing)
    return round(min(most, width / max(ems, 0.1)), 1)


def small_print(x: float, y: float, content: str, fill: str, *, width: float, most: float) -> str:
    """One line of spaced capitals in the plain face, as small as it has to be."""
    words = content.upper()
    size = fit(words, width=width, most=most, face=SANS, spacing=0.09)
    return text(x, y, size, words, fill, face=SANS, spacing=0.09)
