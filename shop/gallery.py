"""The pictures of a product: added, put in order, described, taken away.

The product's row is locked meanwhile: of two who move something the second moves it from where the
first has put it.
"""

from collections.abc import Iterable
from typing import IO

from django.db import transaction

from media.models import Asset
from media.services import keep_original, record_asset
from shop.errors import NoRoom
from shop.models import MOST_PICTURES, Product, ProductPicture


def add_picture(
    *, product_id: int, file: IO[bytes], name: str, by: str = "", alternative: str = ""
) -> ProductPicture:
    """Keep the file, and put it behind the others. Outside any transaction.

    NotAccepted for what is no picture of ours, NoRoom; both before anything is written. Retry while
    the storage is away. `by` is told when it is ready, if it is an address.
    """
    _check_room(product_id)
    original = keep_original(file, name=name, kinds=[Asset.Kind.PICTURE])
    with transaction.atomic():
        _lock(product_id)
        count = _check_room(product_id)
        asset = record_asset(original, uploaded_by=by, verdict=Asset.Verdict.OK)
        return ProductPicture.objects.create(
            product_id=product_id, asset=asset, position=count, alternative=alternative
        )


@transaction.atomic
def move_picture(*, picture_id: int, to: int) -> None:
    """Have it at that place, from 0; beyond the last it is the last. The others make room."""
    picture = ProductPicture.objects.get(pk=picture_id)
    _lock(picture.product_id)
    others = [each for each in _of(picture.product_id) if each != picture_id]
    others.insert(max(0, to), picture_id)
    _number(others)


@transaction.atomic
def describe_picture(*, picture_id: int, alternative: str) -> None:
    """What it shows, in words."""
    ProductPicture.objects.filter(pk=picture_id).update(alternative=alternative)


@transaction.atomic
def remove_picture(*, picture_id: int) -> None:
    """Nobody gets it any more. Its files go with the nightly sweep; a job of it finds nothing."""
    picture = ProductPicture.objects.select_related("asset").get(pk=picture_id)
    _lock(picture.product_id)
    picture.asset.delete()
    _number(_of(picture.product_id))


def _lock(product_id: int) -> None:
    Product.objects.select_for_update(no_key=True).get(pk=product_id)


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
