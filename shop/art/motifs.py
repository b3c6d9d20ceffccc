"""The foreground of a scene: hills, waves, a lighthouse, a boat."""

import math
import random

from shop.art.palettes import Palette
from shop.art.svg import line, path, rect

# Where the four layers begin, from the horizon to the reader's feet.
LEVELS = (0.56, 0.66, 0.77, 0.88)
# Above this a line needs more points than twenty to look soft.
WIDE = 300


def hills(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Four slopes, the nearest the darkest."""
    return "".join(slopes(rng, palette, w, h))


def waves(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Four swells, each with foam on it."""
    return "".join(swells(rng, palette, w, h))


def lighthouse(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A striped tower behind the second slope."""
    far, *near = slopes(rng, palette, w, h)
    return far + tower(palette, w * 0.27, w, h) + "".join(near)


def boat(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A small sail between two swells."""
    far, middle, *near = swells(rng, palette, w, h)
    sail = dinghy(palette, w * rng.uniform(0.4, 0.56), h * 0.74, min(w, h) * 0.15)
    return far + middle + sail + "".join(near)


def slopes(rng: random.Random, palette: Palette, w: float, h: float) -> list[str]:
    """Soft hills, from far to near."""
    return [
        path(f"M{ridge(rng, w, h * y, h * 0.035, 0.8)}V{h:g}H0Z", colour)
        for y, colour in zip(LEVELS, palette.hills, strict=True)
    ]


def swells(rng: random.Random, palette: Palette, w: float, h: float) -> list[str]:
    """Rows of water, from far to near."""
    drawn = []
    for y, colour in zip(LEVELS, palette.hills, strict=True):
        water = path(f"M{ridge(rng, w, h * y, h * 0.014, 2.6)}V{h:g}H0Z", colour)
        crest = f"M{ridge(rng, w, h * (y + 0.045), h * 0.012, 2.6)}"
        drawn.append(water + line(crest, palette.light, max(0.8, h / 300), more=' opacity=".45"'))
    return drawn


def ridge(rng: random.Random, w: float, y: float, swing: float, turns: float) -> str:
    """A soft line from left to right around height `y`, as the steps of a path."""
    phase, second = rng.uniform(0, math.tau), rng.uniform(0, math.tau)
    count = 32 if w > WIDE else 20
    stride = math.ceil(10 * w / count) / 10
    steps, was = [], 0
    for step in range(count + 1):
        t = step / count
        rise = math.sin(phase + t * math.tau * turns) + 0.4 * math.sin(second + t * 9 * turns)
        height = round(10 * (y + swing * rise))
        steps.append(f"{stride if step else 0:g} {(height - was) / 10:g}")
        was = height
    return "l".join(steps).replace(" -", "-")


def tower(palette: Palette, x: float, w: float, h: float) -> str:
    """A lighthouse with two bands, a lamp and a roof."""
    top, foot, s = h * 0.26, h * 0.76, min(w, h) * 0.058
    wall = f"M{x - s * 0.8:.1f} {top:.1f}H{x + s * 0.8:.1f}L{x + s * 1.3:.1f} {foot:.1f}"
    drawn = path(f"{wall}H{x - s * 1.3:.1f}Z", palette.light)
    for t in (0.2, 0.54):
        half = s * (0.98 + 0.5 * t)
        drawn += rect(x - half, top + (foot - top) * t, 2 * half, h * 0.028, palette.accent)
    drawn += rect(x - s * 0.62, top - s, 1.24 * s, s, palette.ink)
    drawn += rect(x - s * 0.34, top - s * 0.82, 0.68 * s, s * 0.64, palette.sun)
    roof = f"M{x - s:.1f} {top - s:.1f}L{x:.1f} {top - s * 1.7:.1f}L{x + s:.1f} {top - s:.1f}Z"
    return drawn + path(roof, palette.ink)


def dinghy(palette: Palette, x: float, y: float, s: float) -> str:
    """Two sails over a hull of length 2 `s`."""
    main = f"M{x:.1f} {y - s * 0.25:.1f}V{y - s * 1.9:.1f}L{x - s * 0.75:.1f} {y - s * 0.25:.1f}Z"
    mast, foot = x + s * 0.1, y - s * 0.25
    jib = f"M{mast:.1f} {foot:.1f}V{y - s * 1.6:.1f}L{x + s * 0.65:.1f} {foot:.1f}Z"
    deck = f"M{x - s:.1f} {y - s * 0.12:.1f}H{x + s:.1f}L{x + s * 0.65:.1f} {y + s * 0.25:.1f}"
    hull = path(f"{deck}H{x - s * 0.65:.1f}Z", palette.ink)
    return path(main, palette.light) + path(jib, palette.sun) + hull
