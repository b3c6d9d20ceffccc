"""What nobody is to see any more: its rows, and the files that they name."""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from media.models import Asset, Variant
from media.unnamed import delete_files


def remove_assets(assets: QuerySet[Asset]) -> None:
    """Delete these in the caller's transaction, and their files once it has committed.

    The nightly sweep doubts whoever leaves more files than have a row: so it is left only those
    that a storage could not delete now. A picture's job takes turns with this: the rows that it has
    written are found here, and what it has made after that it deletes itself.
    """
    locked = assets.order_by("pk").select_for_update(of=("self",))
    ids = list(locked.values_list("pk", flat=True))
    originals = Asset.objects.filter(pk__in=ids).values_list("file", flat=True)
    variants = Variant.objects.filter(asset__in=ids).values_list("file", flat=True)
    names = [*originals, *variants]
    Asset.objects.filter(pk__in=ids).delete()
    transaction.on_commit(partial(delete_files, names))
