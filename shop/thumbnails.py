"""A product's picture as small as a mail shows it, in a format that every mail program knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import structlog
from PIL import Image, ImageOps

from deferral.errors import Outcome
from media.errors import FileDamaged, FileForgotten
from media.models import Variant
from shop.art import picture_of
from shop.art.png import png_of
from shop.models import Product
from shop.photos import EVERYBODY, first_asset

log = structlog.get_logger(__name__)

# Twice as many as are shown: a telephone has more of them than it says.
SIDE = 128
UNREADABLE = (Outcome, FileDamaged, FileForgotten, OSError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thumbnail:
    """A square of SIDE pixels. `type` is what follows `image/`."""

    type: str
    content: bytes


def thumbnail_of(product: Product) -> Thumbnail:
    """Of its first picture; its drawing where there is none, or the file cannot be had right now:
    a mail waits for no picture.
    """
    asset = first_asset(product)
    if asset is not None:
        try:
            return Thumbnail(type="jpeg", content=_square(_smallest(asset.variants.all()).read()))
        except UNREADABLE as error:
            log.info("picture_left_out", product=product.slug, reason=str(error)[:200])
    return Thumbnail(type="png", content=png_of(picture_of(product).svg, width=SIDE))


def _smallest(variants: Iterable[Variant]) -> Variant:
    return next(one for one in variants if one.format == EVERYBODY)


def _square(jpeg: bytes) -> bytes:
    with Image.open(BytesIO(jpeg)) as picture:
        fitted = ImageOps.fit(picture.convert("RGB"), (SIDE, SIDE))
    written = BytesIO()
    fitted.save(written, "JPEG", quality=80, optimize=True)
    return written.getvalue()
