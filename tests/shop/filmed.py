"""Products with a film. Nothing looks at it: what is made of it is written here."""

import io
import zlib

from media.filing import file_away
from media.films.keeping import SUFFIXES, format_of, key_of, row_of
from media.films.sizes import Frame
from media.models import Asset, Variant
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


def made(film: ProductFilm, *sizes: int, verdict: Asset.Verdict = Asset.Verdict.OK) -> None:
    """With these sizes and a poster, and what was decided about it."""
    made_of(film.asset, *sizes, verdict=verdict)


def made_of(asset: Asset, *sizes: int, verdict: Asset.Verdict) -> None:
    """The same of whatever it belongs to."""
    Asset.objects.filter(pk=asset.pk).update(width=1920, height=1080, seconds=8, verdict=verdict)
    for size in sizes:
        _file(asset, Variant.Kind.RENDITION, size)
    _file(asset, Variant.Kind.POSTER, 720)
    asset.refresh_from_db()


def _file(asset: Asset, kind: Variant.Kind, measure: int) -> None:
    content = f"{kind} {measure} {asset.tag}".encode()
    suffix = SUFFIXES[format_of(kind)]
    key = key_of(asset, kind, measure)
    filed = file_away(content, key=key, folder=Variant.folder, suffix=suffix)
    Variant.objects.filter(key=key).delete()
    row_of(asset, kind, measure, filed, Frame(measure * 16 // 9, measure)).save()
