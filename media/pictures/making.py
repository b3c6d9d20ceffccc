"""The variants of a picture: five sizes, each in three formats, by one job that goes on.

One job for all of them, because each size is made of the one before, and decoding the original
again would cost a quarter more. What a size has made is kept with the job's checkpoint: who is
killed in the middle leaves no row without its file, and makes no size again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from PIL import Image

from deferral.crashpoints import crashpoint
from deferral.long_jobs import Step, step
from media.filing import Filed, file_away
from media.models import Asset, Variant
from media.models.assets import variant_key
from media.pictures.encoding import FORMATS, encoded
from media.pictures.reducing import reduced, smaller
from media.pictures.sizing import sizes_for
from media.pictures.sketching import sketch
from media.recording import record_made

SUFFIX = {"jpeg": ".jpg"}


def make_picture(*, tag: str) -> None:
    """Every variant that is missing. Of a picture that is deleted meanwhile nothing is left.

    Safe to repeat: the same picture is the same bytes. NotAccepted for what cannot be decoded.
    """
    asset = Asset.objects.filter(tag=tag, forgotten_at=None).first()
    if asset is None:
        return
    sizes = sizes_for(asset.width, asset.height)
    step("sizes", lambda current: _make(asset, sizes, current), total=len(sizes), unit="sizes")


def _make(asset: Asset, sizes: tuple[int, ...], current: Step) -> None:
    for size, image in _images(asset, missing(asset)):
        place = sizes.index(size) + 1
        made = [(name, _filed(asset, size, name, image)) for name in FORMATS]
        crashpoint("variants_stored")
        rows = [_row(asset, size, name, filed, image) for name, filed in made]
        if not record_made(asset, rows, then=partial(current.checkpoint, place, done=place)):
            return
        crashpoint("size_made")


def missing(asset: Asset) -> list[int]:
    """The sizes of it that are not there in each format, largest first."""
    rows = asset.variants.filter(kind=Variant.Kind.PICTURE, forgotten_at=None)
    there = Counter(rows.values_list("measure", flat=True))
    return [size for size in sizes_for(asset.width, asset.height) if there[size] < len(FORMATS)]


def _images(asset: Asset, sizes: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:
    """The first from the original, each other from the one before it."""
    if not sizes:
        return
    with asset.open() as original:
        image = reduced(original, asset.format, to=sizes[0])
    _remember(asset, image)
    for size in sizes:
        image = smaller(image, to=size)
        yield size, image


def _remember(asset: Asset, image: Image.Image) -> None:
    """The placeholder, of a picture that a request had no time for."""
    if not asset.placeholder:
        found = sketch(image)
        asset.placeholder, asset.colour = found.placeholder, found.colour
        asset.save(update_fields=["placeholder", "colour"])


def _filed(asset: Asset, size: int, name: str, image: Image.Image) -> Filed:
    key = variant_key(asset.tag, Variant.Kind.PICTURE, size, name)
    suffix = SUFFIX.get(name, f".{name}")
    return file_away(encoded(image, name, size=size), key=key, folder=Variant.folder, suffix=suffix)


def _row(asset: Asset, size: int, name: str, filed: Filed, image: Image.Image) -> Variant:
    return Variant(
        asset=asset,
        key=variant_key(asset.tag, Variant.Kind.PICTURE, size, name),
        kind=Variant.Kind.PICTURE,
        measure=size,
        format=name,
        width=image.width,
        height=image.height,
        file=filed.name,
        sha256=filed.sha256,
        size=filed.size,
        place=filed.place,
    )
