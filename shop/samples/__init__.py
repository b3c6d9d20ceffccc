"""What is in a download: its picture, and for each kind of thing a small real part of it.

Honest samples, drawn, reckoned or written by ourselves: a demonstration shop has no nine tracks
and no forty recipes. The same product is the same bytes. Not for anything large: a file of more
than a few hundred kilobytes belongs into storage, written by a job.
"""

from collections.abc import Callable

from shop.art import draw
from shop.models import Product
from shop.samples import pages, sea, skies, trails

Files = dict[str, bytes]

# How many times larger than in the catalogue.
SCALE = 5
# By what the product is drawn as. Whatever else is sold as a download is its picture.
MAKERS: dict[str, Callable[[Product], Files]] = {
    "book": lambda product: pages.page(product.sku),
    "map": lambda product: trails.trail(product.sku, product.title, product.art_seed),
    "record": lambda product: sea.recording(product.sku, product.art_seed),
    "screen": lambda product: skies.day(product.art_seed),
}
README = """\
{title}
{detail}

WHAT THIS IS
Halyard is a demonstration shop: nothing in it is really for sale. So this is not all that its page
describes, but a sample of it, drawn, reckoned or written for this shop:

{names}

LICENCE
Everything in this archive was made for Halyard. You may use, change and share it, for any purpose
and without asking. It comes as it is, without any warranty.
"""


def contents(product: Product) -> Files:
    """Every file of the product's download, by name, the explanation first."""
    make = MAKERS.get(product.art_object)
    files = {f"{product.slug}.svg": picture(product)} | (make(product) if make else {})
    names = "\n".join(f"- {name}" for name in files)
    explained = README.format(title=product.title, detail=product.detail, names=names)
    return {"README.txt": explained.encode()} | files


def picture(product: Product) -> bytes:
    """The catalogue's drawing, large."""
    drawing = draw(
        seed=product.art_seed,
        motif=product.art_motif,
        thing=product.art_object,
        title=product.title,
        caption=product.detail,
        scale=SCALE,
    )
    return drawing.encode()
