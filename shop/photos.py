"""A product's pictures as a page shows them: in the sizes and formats there are of each by now.

A product has its drawing until one is made that may be shown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from media.addresses import picture_address
from media.models import Asset, Variant
from shop.models import Product, ProductPicture

# Best first: a browser takes the first that it knows. The last is for all of them.
FORMATS = ("avif", "webp", "jpeg")
EVERYBODY = FORMATS[-1]
# The usual format of a camera, lying.
CAMERAS = 4 / 3
# Of those, the width that is loaded by a browser which does not know `srcset`.
USUAL = 640
VARIANTS = Prefetch(
    "asset__variants",
    Variant.objects.filter(kind=Variant.Kind.PICTURE, forgotten_at=None).order_by("measure"),
)
PICTURES = (
    ProductPicture.objects.filter(asset__verdict=Asset.Verdict.OK)
    .select_related("asset", "product")
    .prefetch_related(VARIANTS)
)
THERE = Variant.objects.filter(
    asset=OuterRef("asset"), kind=Variant.Kind.PICTURE, format=EVERYBODY, forgotten_at=None
)
# Of each product the first that is there: one before it may be refused, dead or not made yet.
FIRST_ONES = (
    PICTURES.filter(Exists(THERE)).order_by("product_id", "position", "id").distinct("product_id")
)
FIRST = Prefetch("pictures", FIRST_ONES, to_attr="first_pictures")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The files of one format, as `srcset` names them."""

    type: str
    srcset: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Photo:
    """What `<picture>` needs. `smallest` and `usual` are addresses of JPEGs."""

    words: str
    placeholder: str
    width: int
    height: int
    sources: tuple[Source, ...]
    usual: str
    smallest: str

    @property
    def breadth(self) -> float:
        """How much wider than a camera's own format; 1 of what is not. So much more a square has to
        load: a little too few pixels are not seen there, a half of them are.
        """
        return max(1.0, self.width / self.height / CAMERAS)


class LinkPhoto(NamedTuple):
    """As much of a photo as a link to its page shows. `address` is that of a JPEG."""

    address: str
    words: str


def for_links(photos: Iterable[Photo]) -> LinkPhoto | None:
    """The first of them."""
    return next((LinkPhoto(photo.usual, photo.words) for photo in photos), None)


def with_first(products: QuerySet[Product]) -> QuerySet[Product]:
    """With what `photo_of` needs, in two queries for all of them."""
    return products.prefetch_related(FIRST)


def photo_of(product: Product) -> Photo | None:
    """The first of its pictures that is there to be seen."""
    return next(filter(None, map(shown, _first_of(product))), None)


def first_asset(product: Product) -> Asset | None:
    """What that picture is made of, with its variants; the narrowest comes first."""
    return next((one.asset for one in _first_of(product)), None)


def _first_of(product: Product) -> Iterable[ProductPicture]:
    found: Iterable[ProductPicture] | None = getattr(product, "first_pictures", None)
    return FIRST_ONES.filter(product=product) if found is None else found


def photos_of(product: Product) -> list[Photo]:
    """All that are there to be seen, in their order."""
    return [*filter(None, map(shown, PICTURES.filter(product=product)))]


def shown(picture: ProductPicture) -> Photo | None:
    """As far as it is made; None before there is one that everybody can see."""
    return photo_from(picture.asset, picture.words)


def photo_from(asset: Asset, words: str) -> Photo | None:
    """The same of any upload. `words` stand in its place where it is not seen."""
    files = defaultdict[str, list[Variant]](list)
    for variant in asset.variants.all():
        files[variant.format].append(variant)
    if not files[EVERYBODY]:
        return None
    usual = min(files[EVERYBODY], key=lambda one: abs(one.measure - USUAL))
    return Photo(
        words=words,
        placeholder=asset.placeholder,
        width=asset.width,
        height=asset.height,
        sources=tuple(_source(asset, name, files[name]) for name in FORMATS if files[name]),
        usual=picture_address(asset.tag, usual),
        smallest=picture_address(asset.tag, files[EVERYBODY][0]),
    )


def _source(asset: Asset, name: str, variants: list[Variant]) -> Source:
    named = (f"{picture_address(asset.tag, one)} {one.width}w" for one in variants)
    return Source(type=f"image/{name}", srcset=", ".join(named))
