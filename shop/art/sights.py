"""The foregrounds that only one product has: what its title promises is in its picture."""

import math
import random

from shop.art.lettering import SANS, text
from shop.art.motifs import hills, ridge, slopes, swells, tower
from shop.art.palettes import Palette
from shop.art.svg import circle, dots, group, line, path, rect


def fog(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A lighthouse of which the fog leaves the head."""
    far, *near = slopes(rng, palette, w, h)
    drawn = far + tower(palette, w * 0.34, w, h) + "".join(near)
    for n in range(6):
        y = h * (0.42 + 0.085 * n) + rng.uniform(-2, 2)
        x = w * rng.uniform(-0.3, 0.15)
        opacity = f' opacity="{0.3 + 0.07 * n:.2f}"'
        drawn += rect(
            x, round(y), w * 1.1, round(h * 0.07), palette.light, r=h * 0.035, more=opacity
        )
    return drawn


def kelp(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Under water: fronds in three depths, and one fish."""
    drawn = rect(0, 0, w, h, palette.hills[0])
    drawn += path(f"M{w * 0.5:.0f} 0h{w * 0.4:.0f}L{w * 0.5:.0f} {h:g}H0z", palette.sky[1])
    for depth, colour in enumerate(palette.hills[1:]):
        for n in range(4):
            x = w * (0.14 + 0.25 * n + rng.uniform(-0.09, 0.09))
            drawn += frond(x, h, h * rng.uniform(0.55, 0.9 - 0.12 * depth), colour)
    x, y, s = w * 0.56, h * 0.24, w * 0.05
    body = f"M{x:.1f} {y:.1f}q{s:.1f} {-s:.1f} {2 * s:.1f} 0q{-s:.1f} {s:.1f} {-2 * s:.1f} 0"
    return drawn + path(f"{body}l{-s:.1f} {-s * 0.6:.1f}v{s * 1.2:.1f}z", palette.accent)


def frond(x: float, foot: float, length: float, colour: str) -> str:
    """One stalk, swaying, with a leaf to each side in turn."""
    step, leaf = length / 9, length * 0.1
    stalk, leaves = f"M{x:.1f} {foot:.1f}", ""
    for n in range(9):
        side = (-1) ** n
        stalk += f"q{side * leaf * 0.4:.1f} {-step / 2:.1f} 0 {-step:.1f}"
        y, tip = foot - n * step, f"{side * leaf:.1f} {-step * 1.6:.1f}"
        leaves += f"M{x:.1f} {y:.1f}q{side * leaf * 1.1:.1f} {-step * 0.3:.1f} {tip}"
        leaves += f"q{-side * leaf * 0.9:.1f} {step * 0.5:.1f} {-side * leaf:.1f} {step * 1.6:.1f}"
    return line(stalk, colour, round(length / 70, 1)) + path(leaves, colour)


def ferry(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A ship with every cabin lit, between two swells."""
    far, middle, *near = swells(rng, palette, w, h)
    x, y, s = w * 0.2, h * 0.7, w * 0.6
    hull = f"M{x:.1f} {y:.1f}h{s:.1f}l{-s * 0.08:.1f} {s * 0.16:.1f}h{-s * 0.82:.1f}z"
    decks = rect(x + s * 0.12, y - s * 0.1, s * 0.72, s * 0.1, palette.deep)
    decks += rect(x + s * 0.24, y - s * 0.19, s * 0.46, s * 0.1, palette.deep)
    decks += rect(x + s * 0.5, y - s * 0.3, s * 0.1, s * 0.12, palette.accent)
    lit = [(x + s * (0.17 + 0.066 * n), y - s * 0.05) for n in range(11)]
    lit += [(x + s * (0.28 + 0.066 * n), y - s * 0.14) for n in range(7)]
    windows = dots(lit, palette.sun, s * 0.035)
    glow = line(f"M{x + s * 0.1:.1f} {y + s * 0.2:.1f}h{s * 0.7:.1f}", palette.sun, 2)
    return far + middle + path(hull, palette.ink) + decks + windows + glow + "".join(near)


def quay(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A row of lanterns over dark water, each with its light in it."""
    lamps = [(w * (0.05 + 0.09 * n), h * (0.7 + 0.015 * math.sin(n * 1.7))) for n in range(11)]
    glow = dots(lamps, palette.sun, h * 0.12, more=' opacity=".3"')
    wake = "".join(f"M{x:.1f} {h * 0.8:.1f}v{h * 0.12:.1f}" for x, _ in lamps)
    water = line(wake, palette.sun, 1.4, more=' opacity=".5"')
    return hills(rng, palette, w, h) + glow + dots(lamps, palette.sun, h * 0.05) + water


def road(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A white path over the dunes to the horizon."""
    far, middle, near, foot = slopes(rng, palette, w, h)
    way = "M30 100C90 90 85 80 55 78S30 66 52 62C40 70 50 73 62 75.5S100 90 58 100z"
    drawn = group(path(way, palette.light), f"scale({w / 100:g} {h / 100:g})")
    return far + middle + near + foot + drawn


def dusk(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """The sun itself, halfway into the sea."""
    disc = circle(w * 0.5, h * 0.55, min(w, h) * 0.34, palette.light, more=' opacity=".5"')
    disc += circle(w * 0.5, h * 0.55, min(w, h) * 0.26, palette.sun)
    glints = "".join(
        rect(round(w * (0.5 - s / 2)), round(h * y), round(w * s), 3, palette.sun, r=1.5)
        for y, s in ((0.62, 0.4), (0.7, 0.3), (0.79, 0.2), (0.88, 0.1))
    )
    return disc + "".join(swells(rng, palette, w, h)) + glints


def chart(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Depth lines, soundings in fathoms, a rose."""
    drawn = rect(0, 0, w, h, palette.light)
    drawn += path(f"M{ridge(rng, w, h * 0.8, h * 0.06, 1.1)}V{h:g}H0Z", palette.hills[1])
    for n in range(5):
        depth = f"M{ridge(rng, w, h * (0.72 - 0.13 * n), h * 0.04, 1.2)}"
        drawn += line(depth, palette.hills[1], 0.8)
    for _ in range(14):
        x, y = w * rng.uniform(0.06, 0.94), h * rng.uniform(0.06, 0.7)
        drawn += text(round(x), round(y), w * 0.04, str(rng.randint(2, 19)), palette.ink, face=SANS)
    star = "M0-30L6-6L30 0L6 6L0 30L-6 6L-30 0L-6-6Z"
    rose = circle(0, 0, 20, palette.light, more=f' stroke="{palette.accent}"')
    rose += path(star, palette.accent) + path(
        "M0-30V30M-30 0H30", more=f' stroke="{palette.light}"'
    )
    return drawn + group(rose, f"translate({w * 0.7:.0f} {h * 0.26:.0f})scale({w / 170:.2f})")


def buoys(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Hauled up and stacked, four, three and two."""
    drawn, r = hills(rng, palette, w, h), w * 0.1
    colours = (palette.accent, palette.sun, palette.light, palette.deep)
    for row, count in enumerate((4, 3, 2)):
        for n in range(count):
            x, y = w * 0.5 + (n - (count - 1) / 2) * 2.06 * r, h * 0.9 - row * 1.78 * r
            drawn += circle(x, y, round(r, 1), rng.choice(colours))
            drawn += line(
                f"M{x - r * 0.96:.1f} {y:.1f}h{r * 1.92:.1f}", palette.ink, round(r * 0.2, 1)
            )
            drawn += circle(
                x - r * 0.35, y - r * 0.45, round(r * 0.16, 1), "#fff", more=' opacity=".6"'
            )
    return drawn
