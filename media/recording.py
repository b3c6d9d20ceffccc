"""The rows of files that a job has made: written while their upload is there, and whose it is.

Whoever removes an upload takes turns with this: either they find these rows, or nothing is left.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from deferral.errors import FenceLost, Outcome
from deferral.models import Job
from deferral.tasks import current_job
from media.announcing import announce_change
from media.models import Asset, Variant
from media.underway import LIVE
from media.unnamed import delete_unneeded

# What a row is told anew where its file is made once more.
NEWLY = ("file", "sha256", "size", "place", "width", "height", "forgotten_at")


def record_made(asset: Asset, rows: Sequence[Variant], *, then: Callable[[], object]) -> bool:
    """Write these rows, and call `then`, in one transaction; False where the upload is deleted.
    What is made after others of the upload is announced.

    A row that stands names the new file: a person has had it made anew. What no row names after
    that is deleted, be it new or what a row named before. A process that is killed between leaves
    it to the sweep. FenceLost, out of `then`, where another worker has taken the job over.
    """
    names = {str(row.file.name) for row in rows}
    with _unneeded_deleted(names):
        return _written(asset, rows, names, then)


@contextmanager
def _unneeded_deleted(names: set[str]) -> Iterator[None]:
    """Not where another worker has the job: the same bytes are the same name, which it may be about
    to give to a row. Nor where the database is away: whether it has committed is not known then.
    """
    try:
        yield
    except FenceLost:
        if not Job.objects.filter(key=current_job().key, state__in=LIVE).exists():
            delete_unneeded(names)
        raise
    except Outcome:  # its turn ends with the commit
        delete_unneeded(names)
        raise
    delete_unneeded(names)


@transaction.atomic
def _written(
    asset: Asset, rows: Sequence[Variant], names: set[str], then: Callable[[], object]
) -> bool:
    if not _is_locked(asset):
        return False
    keys = [row.key for row in rows]
    is_later = asset.variants.exists()
    names.update(Variant.objects.filter(key__in=keys).values_list("file", flat=True))
    Variant.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=NEWLY
    )
    if is_later and any(row.kind != Variant.Kind.STILL for row in rows):
        announce_change(asset)  # of the first ones AssetReady tells
    then()
    return True


def _is_locked(asset: Asset) -> bool:
    """False where it is deleted. Whoever is about to delete it waits, and finds these rows."""
    found = Asset.objects.filter(pk=asset.pk).select_for_update(no_key=True)
    return bool(found.values_list("pk"))
