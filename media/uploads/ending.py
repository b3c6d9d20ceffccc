"""The end of an upload that came to nothing."""

from functools import partial

import structlog
from django.db import transaction
from django.utils import timezone

from media.models import Upload
from media.uploads import local

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


@transaction.atomic
def cancel_all(purpose: str, subject: str) -> None:
    """Discard whatever is on its way there: what it was for is gone. Waits for nobody: what takes a
    part at this moment is refused once it is whole.
    """
    found = Upload.objects.select_for_update(skip_locked=True)
    for upload in found.filter(purpose=purpose, subject=subject, state__in=UNDER_WAY):
        close(upload, Upload.State.CANCELLED)


def remove_file(tag: str) -> None:
    """What is on this disk of it. What cannot be removed now goes with the sweep."""
    try:
        local.remove(tag)
    except OSError as error:
        log.warning("upload_left_to_the_sweep", tag=tag, reason=str(error))
