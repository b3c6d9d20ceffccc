"""The end of an upload that came to nothing, and of what is left of all others."""

from datetime import datetime
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from media import places
from media.disk_errors import disk_errors
from media.models import Upload
from media.places import BUCKET
from media.uploads import local
from media.uploads.limits import KEPT, KEPT_WHOLE

log = structlog.get_logger(__name__)

# Below it stands in a bucket what people have sent there, until it is looked at.
INCOMING = "incoming"


def incoming(tag: str) -> str:
    """Its name in a bucket."""
    return f"{INCOMING}/{tag}"


def close(upload: Upload, state: Upload.State, said: str = "") -> None:
    """Nothing more comes of it. In the transaction in which its row is locked; what is here of it
    goes with the commit. A bucket's goes with the sweep: its signed address is good until then.
    """
    upload.state, upload.said, upload.moved_at = state, said[:500], timezone.now()
    upload.save(update_fields=["state", "said", "moved_at"])
    transaction.on_commit(partial(remove_file, upload.tag))


@transaction.atomic
def cancel(tag: str) -> None:
    """Discard it, as its sender wants. Nothing happens where it is whole, or over."""
    upload = Upload.objects.select_for_update().filter(tag=tag, state=Upload.State.OPEN).first()
    if upload:
        close(upload, Upload.State.CANCELLED)


def remove_file(tag: str) -> None:
    """What is on this disk of it. What cannot be removed now goes with the sweep."""
    try:
        local.remove(tag)
    except OSError as error:
        log.warning("upload_left_to_the_sweep", tag=tag, reason=str(error))


def sweep_uploads() -> int:
    """Delete what nobody has gone on with for days, with all there is of it; return how many.

    Safe to repeat: its bytes go first. Retry. A file without a row goes too.
    """
    now = timezone.now()
    waits = Q(state=Upload.State.WHOLE)
    old = Q(~waits, moved_at__lt=now - KEPT) | Q(waits, moved_at__lt=now - KEPT_WHOLE)
    count = 0
    for upload in Upload.objects.filter(old).iterator():
        _sweep(upload)
        count += 1
    _sweep_without_row(now - KEPT)
    return count


def _sweep_without_row(before: datetime) -> None:
    """Also what a form has brought that was signed shortly before its upload was swept."""
    with disk_errors():
        here = set(local.tags())  # before the rows: one that begins now has its row first
        for tag in here - set(Upload.objects.values_list("tag", flat=True)):
            local.remove(tag)
    if BUCKET not in places.names():
        return
    keeper = places.place(BUCKET)
    for one in keeper.names(INCOMING):
        tag = one.name.rpartition("/")[2]
        if one.modified_at < before and not Upload.objects.filter(tag=tag).exists():
            keeper.remove(one.name)


def _sweep(upload: Upload) -> None:
    """One that has moved meanwhile stays."""
    with transaction.atomic():
        rows = Upload.objects.select_for_update().filter(pk=upload.pk, moved_at=upload.moved_at)
        if not rows.exists():
            return
        if upload.state == Upload.State.OPEN:
            rows.update(state=Upload.State.CANCELLED)
    with disk_errors():
        local.remove(upload.tag)
    if upload.place == BUCKET and BUCKET in places.names():
        places.place(BUCKET).remove(incoming(upload.tag))
    Upload.objects.filter(pk=upload.pk).delete()
