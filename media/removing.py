"""What nobody is to see any more: its rows, and the files that they name."""

from collections.abc import Iterable
from functools import partial

import structlog
from django.db import transaction
from django.db.models import QuerySet

from deferral.errors import Outcome
from media import places
from media.models import Asset, Variant

log = structlog.get_logger(__name__)


def remove_assets(assets: QuerySet[Asset]) -> None:
    """Delete these in the caller's transaction, and their files once it has committed.

    The nightly sweep doubts whoever leaves more files than have a row: so it is left only those
    that a storage could not delete now, and those that a job was about to write.
    """
    ids = list(assets.values_list("pk", flat=True))
    originals = Asset.objects.filter(pk__in=ids).values_list("file", flat=True)
    variants = Variant.objects.filter(asset__in=ids).values_list("file", flat=True)
    names = [*originals, *variants]
    Asset.objects.filter(pk__in=ids).delete()
    transaction.on_commit(partial(delete_files, names))


def delete_files(names: Iterable[str]) -> None:
    """Delete them wherever they stand. What a storage cannot delete now is left to the sweep."""
    try:
        for where in places.names():
            keeper = places.place(where)
            for name in names:
                keeper.remove(name)
    except Outcome as error:
        log.warning("files_left_to_the_sweep", reason=str(error))
