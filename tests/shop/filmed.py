"""Products with a film, which nothing has looked at."""

import io
import zlib

from media.models import Asset
from media.services import receive
from shop.films import attach_film
from shop.models import Product, ProductFilm

# The first bytes of an MP4: as much of a film as an upload is looked at.
HEAD = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"


def sent(name: str = "harbour.mp4") -> Asset:
    """Uploaded: no two are the same."""
    return receive(io.BytesIO(HEAD + zlib.crc32(name.encode()).to_bytes(4)), name=name)


def filmed(product: Product, name: str = "harbour.mp4") -> ProductFilm:
    """With the product's film."""
    return attach_film(sent(name), product_id=product.pk)
