"""What is left of uploads that are over, or that nobody comes back to. One that cannot be deleted
now keeps none of the others.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deferral.errors import Outcome
from media import places
from media.disk_errors import disk_errors
from media.models import Upload
from media.places import BUCKET
from media.unfinished import sweep_unfinished
from media.uploads import local
from media.uploads.ending import INCOMING, UNDER_WAY, incoming
from media.uploads.limits import KEPT, KEPT_WHOLE
from media.uploads.waiting import HAS_A_JOB, IS_DISCARDED

log = structlog.get_logger(__name__)
Failures = list[Outcome]


def sweep_uploads() -> int:
    """Delete what nobody has gone on with for days, with all there is of it; return how many.

    What waits for its job stays, also a month behind a queue that is paused. Safe to repeat: its
    bytes go first. A file without a row goes too, and a folder whose maker died. After all of them
    whatever the first failure was.
    """
    now, failures = timezone.now(), Failures()
    count = sum(_swept(upload, now, failures) for upload in _old_ones(now))
    for sweep in (_sweep_disk, _sweep_bucket):
        with _noted(failures, sweep.__name__):
            sweep(now - KEPT, failures)
    if failures:
        raise failures[0]
    return count


@contextmanager
def _noted(failures: Failures, what: str) -> Iterator[None]:
    try:
        yield
    except Outcome as error:
        log.warning("upload_not_swept", what=what, reason=str(error))
        failures.append(error)


def _old_ones(now: datetime) -> Iterable[Upload]:
    return Upload.objects.filter(_old(now)).iterator()


def _old(now: datetime) -> Q:
    """What nobody comes back to."""
    whole = Q(state=Upload.State.WHOLE)
    dead = Q(~HAS_A_JOB, moved_at__lt=now - KEPT_WHOLE)
    return (whole & (dead | Q(IS_DISCARDED))) | Q(~whole, moved_at__lt=now - KEPT)


def _swept(upload: Upload, now: datetime, failures: Failures) -> bool:
    with _noted(failures, upload.tag):
        return _sweep(upload, now)
    return False


def _sweep(upload: Upload, now: datetime) -> bool:
    """One that has moved meanwhile stays, and one whose job was replayed."""
    with transaction.atomic():
        rows = Upload.objects.select_for_update().filter(pk=upload.pk, moved_at=upload.moved_at)
        if not rows.filter(_old(now)).exists():
            return False
        if upload.state in UNDER_WAY:
            rows.update(state=Upload.State.CANCELLED)
    with disk_errors():
        local.remove(upload.tag)
    if upload.place == BUCKET and BUCKET in places.names():
        places.place(BUCKET).remove(incoming(upload.tag))
    Upload.objects.filter(pk=upload.pk).delete()
    return True


def _sweep_disk(_: datetime, failures: Failures) -> None:
    """What has no row: a backup that was put back may lack it."""
    with disk_errors():
        sweep_unfinished()
        here = set(local.tags())  # before the rows: one that begins now has its row first
    for tag in here - set(Upload.objects.values_list("tag", flat=True)):
        with _noted(failures, tag), disk_errors():
            local.remove(tag)


def _sweep_bucket(before: datetime, failures: Failures) -> None:
    """Also what a form has brought that was signed shortly before its upload was swept."""
    if BUCKET not in places.names():
        return
    keeper = places.place(BUCKET)
    for one in keeper.names(INCOMING):
        tag = one.name.rpartition("/")[2]
        if one.modified_at < before and not Upload.objects.filter(tag=tag).exists():
            with _noted(failures, tag):
                keeper.remove(one.name)
