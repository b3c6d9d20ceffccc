"""The catalogue's pictures: drawn from a seed, the same every time, four to eight kilobytes each.

Not for anything a photograph exists of. Draws no page fonts: an SVG inside <img> has none.
"""

import random
from collections.abc import Callable
from functools import lru_cache

from shop.art import goods, paper, wares
from shop.art.palettes import Palette, palette_for
from shop.art.scenes import scene
from shop.art.svg import document

Draw = Callable[["random.Random", Palette, str, str, str], str]

OBJECTS: dict[str, Draw] = {
    "poster": paper.poster,
    "ticket": paper.ticket,
    "record": paper.record,
    "book": paper.book,
    "notebook": paper.notebook,
    "map": paper.chart,
    "screen": paper.screen,
    "mug": wares.mug,
    "cup": wares.cup,
    "candle": wares.candle,
    "tin": wares.tin,
    "clock": wares.clock,
    "lantern": wares.lantern,
    "tote": goods.tote,
    "throw": goods.throw,
    "mat": goods.mat,
    "apron": goods.apron,
    "knife": goods.knife,
}


@lru_cache(maxsize=256)
def draw(
    *, seed: int, motif: str, thing: str, title: str, caption: str = "", scale: int = 1
) -> str:
    """A 400 x 400 picture of `thing` with the motif on it. An unknown thing is a poster."""
    rng = random.Random(f"{seed}:{motif}:{thing}:{title}")  # noqa: S311 - a drawing, not a secret
    palette = palette_for(seed)
    body = OBJECTS.get(thing, paper.poster)(rng, palette, motif, title, caption)
    return document(body, width=400, height=400, label=title, scale=scale)


@lru_cache(maxsize=1)
def draw_hero() -> str:
    """The wide picture beside the greeting."""
    rng = random.Random("halyard")  # noqa: S311 - a drawing, not a secret
    body = scene(rng, palette_for(0), "lighthouse", width=640, height=480)
    return document(body, width=640, height=480, label="A lighthouse over evening hills")
