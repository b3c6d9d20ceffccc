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
from media.uploads.waiting import HAS_A_JOB, IS_DISCARDED

log = structlog.get_logger(__name__)

# Below it stands in a bucket what people have sent there, until it is looked at.
INCOMING = "incoming"
UNDER_WAY = (Upload.State.OPEN, Upload.State.WHOLE)


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
    """Discard it, as its sender wants. Nothing happens where it is over. A job that looks at it at
    this moment, or comes later, attaches nothing.
    """
    found = Upload.objects.select_for_update().filter(tag=tag, state__in=UNDER_WAY)
    for upload in found:
        close(upload, Upload.State.CANCELLED)


def remove_file(tag: str) -> None:
    """What is on this disk of it. What cannot be removed now goes with the sweep."""
    try:
        local.remove(tag)
    except OSError as error:
        log.warning("upload_left_to_the_sweep", tag=tag, reason=str(error))


def sweep_uploads() -> int:
    """Delete what nobody has gone on with for days, with all there is of it; return how many.

    What waits for its job stays, also a month behind a queue that is paused.

    Safe to repeat: its bytes go first. Retry. A file without a row goes too.
    """
    now = timezone.now()
    count = 0
    for upload in Upload.objects.filter(old(now)).iterator():
        _sweep(upload, old(now))
        count += 1
    _sweep_without_row(now - KEPT)
    return count


def old(now: datetime) -> Q:
    """What nobody comes back to."""
    whole = Q(state=Upload.State.WHOLE)
    dead = Q(~HAS_A_JOB, moved_at__lt=now - KEPT_WHOLE)
    return (whole & (dead | Q(IS_DISCARDED))) | Q(~whole, moved_at__lt=now - KEPT)


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


def _sweep(upload: Upload, still: Q) -> None:
    """One that has moved meanwhile stays, and one whose job was replayed."""
    with transaction.atomic():
        rows = Upload.objects.select_for_update().filter(pk=upload.pk, moved_at=upload.moved_at)
        if not rows.filter(still).exists():
            return
        if upload.state in UNDER_WAY:
            rows.update(state=Upload.State.CANCELLED)
    with disk_errors():
        local.remove(upload.tag)
    if upload.place == BUCKET and BUCKET in places.names():
        places.place(BUCKET).remove(incoming(upload.tag))
    Upload.objects.filter(pk=upload.pk).delete()
