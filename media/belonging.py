"""Uploads that are decided about together with what they belong to: a page of another app asks."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, QuerySet

from deferral.slots import Slot
from media.models import Asset


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """`owns`: whether an asset (`OuterRef("pk")`) is one of its. `page`: where that is decided."""

    owns: Callable[[], Exists]
    page: Callable[[Asset], str]


OWNERS: Slot[Owner] = Slot("the owner of uploads")


def of_nobody(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Those that are decided about by themselves."""
    for owner in OWNERS.values():
        assets = assets.filter(~owner.owns())
    return assets


def decided_at(asset: Asset) -> str:
    """The page on which it is decided about with what it belongs to. Empty: on its own."""
    itself = Asset.objects.filter(pk=asset.pk)
    owners = (one for one in OWNERS.values() if itself.filter(one.owns()).exists())
    return next((one.page(asset) for one in owners), "")
