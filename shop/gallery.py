"""The pictures of a product: added, put in order, described, taken away, alone or with it.

The product's row is locked meanwhile: of two who move something the second moves it from where the
first has put it.
"""

from collections.abc import Collection, Iterable
from typing import IO

from django.db import transaction

from media.models import Asset
from media.originals import named_or_deleted
from media.removing import remove_assets
from media.services import Original, record_asset
from shop.errors import NoRoom, PictureGone
from shop.locking import is_locked
from shop.models import MOST_PICTURES, Product, ProductFilm, ProductPicture


def add_picture(
    *, product_id: int, file: IO[bytes], name: str, by: str = "", alternative: str = ""
) -> ProductPicture:
    """Keep the file, and put it behind the others. Outside any transaction.

    NotAccepted for what is no picture of ours, NoRoom; both before anything is written. PictureGone
    where the product is deleted meanwhile, or NoRoom where somebody was quicker: nothing is left of
    the file. Retry while the storage is away. `by` is told when it is ready, if it is an address.
    """
    _check_room(product_id)
    with named_or_deleted() as keep:
        original = keep(file, name=name, kinds=[Asset.Kind.PICTURE])
        return attach_picture(original, product_id=product_id, by=by, alternative=alternative)


@transaction.atomic
def attach_picture(
    original: Original, *, product_id: int, by: str = "", alternative: str = ""
) -> ProductPicture:
    """Put what is kept already behind the others. NoRoom, PictureGone."""
    _lock(product_id)
    count = _check_room(product_id)
    asset = record_asset(original, uploaded_by=by, verdict=Asset.Verdict.OK)
    return ProductPicture.objects.create(
        product_id=product_id, asset=asset, position=count, alternative=alternative
    )


@transaction.atomic
def move_picture(*, picture_id: int, to: int) -> None:
    """Have it at that place, from 0; beyond the last it is the last. The others make room.

    PictureGone.
    """
    picture = _locked(picture_id)
    others = [each for each in _of(picture.product_id) if each != picture_id]
    others.insert(max(0, to), picture_id)
    _number(others)


@transaction.atomic
def describe_picture(*, picture_id: int, alternative: str) -> None:
    """What it shows, in words. PictureGone."""
    picture = _locked(picture_id)
    ProductPicture.objects.filter(pk=picture.pk).update(alternative=alternative)


@transaction.atomic
def remove_picture(*, picture_id: int) -> None:
    """Nobody gets it any more. A job of it finds nothing. PictureGone."""
    picture = _locked(picture_id)
    remove_assets(Asset.objects.filter(pk=picture.asset_id))
    _number(_of(picture.product_id))


@transaction.atomic
def remove_products(product_ids: Collection[int]) -> None:
    """Delete them with all their pictures and films. ProtectedError, and nothing is deleted, where
    one was ordered meanwhile.
    """
    products = Product.objects.filter(pk__in=product_ids).order_by("pk")
    ids = [each.pk for each in products.select_for_update()]
    pictures = ProductPicture.objects.filter(product__in=ids)
    films = ProductFilm.objects.filter(product__in=ids)
    remove_assets(Asset.objects.filter(pk__in=pictures.values("asset")))
    remove_assets(Asset.objects.filter(pk__in=films.values("asset")))
    Product.objects.filter(pk__in=ids).delete()


def _locked(picture_id: int) -> ProductPicture:
    """It, as it is once nobody else moves or removes one of its product."""
    pictures = ProductPicture.objects.filter(pk=picture_id)
    for product_id in pictures.values_list("product_id", flat=True):
        _lock(product_id)
    for picture in pictures:
        return picture
    raise PictureGone


def _lock(product_id: int) -> None:
    """PictureGone where the product is deleted, and its pictures with it."""
    if not is_locked(product_id):
        raise PictureGone


def _of(product_id: int) -> list[int]:
    found = ProductPicture.objects.filter(product_id=product_id)
    return list(found.values_list("pk", flat=True))


def _number(ids: Iterable[int]) -> None:
    for position, each in enumerate(ids):
        ProductPicture.objects.filter(pk=each).exclude(position=position).update(position=position)


def _check_room(product_id: int) -> int:
    """How many there are."""
    count = ProductPicture.objects.filter(product_id=product_id).count()
    if count >= MOST_PICTURES:
        raise NoRoom
    return count
