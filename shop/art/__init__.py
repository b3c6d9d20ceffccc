"""The catalogue's pictures: drawn from a seed, the same every time, below 12 kB, 2 to 4 packed.

Not for anything a photograph exists of. Letters are outlines: an SVG inside <img> has no fonts.
"""

import gzip
import hashlib
import random
from collections.abc import Callable
from functools import lru_cache
from textwrap import shorten
from typing import NamedTuple

from shop.art import goods, paper, wares
from shop.art.palettes import Palette, palette_for
from shop.art.scenes import scene
from shop.art.svg import document
from shop.models import Product

# More would be too small to be read.
MOST_CHARACTERS = 32

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


class Picture(NamedTuple):
    """A drawing as it is sent. `digest` names its content, so its address may be kept for ever."""

    svg: bytes
    packed: bytes
    digest: str


def picture_of(product: Product) -> Picture:
    """The product's picture, drawn once in the life of a process."""
    return finished(
        draw(
            seed=product.art_seed,
            motif=product.art_motif,
            thing=product.art_object,
            title=product.title,
            caption=product.detail,
        )
    )


@lru_cache(maxsize=512)
def draw(
    *, seed: int, motif: str, thing: str, title: str, caption: str = "", scale: int = 1
) -> str:
    """A 400 x 400 picture of `thing` with the motif on it. An unknown thing is a poster.

    Of a long title, the picture shows the first words.
    """
    rng = random.Random(f"{seed}:{motif}:{thing}:{title}")  # noqa: S311 - a drawing, not a secret
    palette = palette_for(seed)
    words = shorten(title, MOST_CHARACTERS, placeholder=" …", break_on_hyphens=False)
    body = OBJECTS.get(thing, paper.poster)(rng, palette, motif, words, caption)
    return document(body, width=400, height=400, label=title, scale=scale)


def draw_hero() -> Picture:
    """The wide picture beside the greeting."""
    rng = random.Random("halyard")  # noqa: S311 - a drawing, not a secret
    body = scene(rng, palette_for(0), "lighthouse", width=640, height=480)
    return finished(document(body, width=640, height=480, label="A lighthouse over evening hills"))


@lru_cache(maxsize=512)
def finished(drawing: str) -> Picture:
    """Packed and named, once. Half a megabyte is kept for every two hundred products."""
    svg = drawing.encode()
    digest = hashlib.blake2s(svg, digest_size=6).hexdigest()
    return Picture(svg, gzip.compress(svg, 9, mtime=0), digest)
