"""What is on the poster, the mug and the ticket: sky, sun, and one of the motifs."""

import random

from shop.art import sights
from shop.art.motifs import boat, hills, lighthouse, waves
from shop.art.palettes import Palette
from shop.art.svg import circle, clipped, dots, gradient, line, rect

MOTIFS = {
    "hills": hills,
    "waves": waves,
    "lighthouse": lighthouse,
    "boat": boat,
    "stars": hills,
    "gulls": waves,
    "fog": sights.fog,
    "kelp": sights.kelp,
    "ferry": sights.ferry,
    "quay": sights.quay,
    "road": sights.road,
    "dusk": sights.dusk,
    "chart": sights.chart,
    "buoys": sights.buoys,
}


def scene(rng: random.Random, palette: Palette, motif: str, *, width: float, height: float) -> str:
    """A picture of `width` x `height`, its upper left corner at 0, 0."""
    drawn = "".join(
        [
            gradient("sky", *palette.sky),
            rect(0, 0, width, height, "url(#sky)"),
            sun(rng, palette, width, height),
            SKIES.get(motif, birds)(rng, palette, width, height),
            MOTIFS.get(motif, waves)(rng, palette, width, height),
        ]
    )
    return clipped(drawn, "frame", rect(0, 0, width, height, "#fff"))


def sun(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """A disc in a halo, never under the hills."""
    x, y, r = w * rng.uniform(0.52, 0.68), h * rng.uniform(0.26, 0.36), min(w, h) * 0.14
    halo = circle(x, y, r * 1.65, palette.sun, more=' opacity=".35"')
    return halo + circle(x, y, r, palette.sun)


def birds(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Two or three strokes that anybody reads as gulls."""
    return "".join(
        bird(w * rng.uniform(0.15, 0.8), h * rng.uniform(0.08, 0.26), w * 0.032, palette)
        for _ in range(rng.randint(2, 3))
    )


def bird(x: float, y: float, s: float, palette: Palette) -> str:
    """One gull, `s` from tip to body."""
    wing = f"q{s / 2:.1f} {-s * 0.7:.1f} {s:.1f} 0"
    return line(
        f"M{x - s:.1f} {y:.1f}{wing}{wing}", palette.ink, max(1.2, s / 6), more=' opacity=".7"'
    )


def gulls(rng: random.Random, palette: Palette, w: float, h: float) -> str:
    """Count them. There are never seven."""
    places = ((0.2, 0.2), (0.46, 0.12), (0.78, 0.2), (0.3, 0.4), (0.62, 0.36), (0.84, 0.46))
    return "".join(bird(w * x, h * y, w * rng.uniform(0.05, 0.09), palette) for x, y in places)


def stars(rng: random.Random, _palette: Palette, w: float, h: float) -> str:
    """A clear night."""
    drawn = (
        dots([(w * rng.random(), h * 0.5 * rng.random()) for _ in range(13)], "#fff9e6", size)
        for size in (2.2, 3.6)
    )
    return "".join(drawn)


def empty(_rng: random.Random, _palette: Palette, _w: float, _h: float) -> str:
    """Nothing in it."""
    return ""


SKIES = {"stars": stars, "ferry": stars, "quay": stars, "gulls": gulls, "kelp": empty}
