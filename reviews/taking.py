"""A review as its page sends it: asked about, its photos kept, then written."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from media.models import Asset
from media.originals import named_or_deleted
from media.reading import digest
from reviews.writing import Said, is_written, write_review


def take_review(
    *, line_id: int, said: Said, version: int, photos: Sequence[UploadedFile[Any]]
) -> None:
    """Write it with its photos, outside any transaction. See `write_review`, also for its errors.

    Nothing is put into storage for a review that is not taken, or is there already; what is
    refused after all, because somebody else was quicker, leaves nothing there. NotAccepted,
    Retry, ServiceAway of the photos.
    """
    sums = [_sum_of(photo) for photo in photos]
    if is_written(line_id=line_id, said=said, version=version, sums=sums):
        return
    with named_or_deleted() as keep:
        kept = [keep(photo, name=photo.name or "", kinds=[Asset.Kind.PICTURE]) for photo in photos]
        write_review(line_id=line_id, said=said, version=version, photos=kept)


def _sum_of(photo: UploadedFile[Any]) -> str:
    photo.seek(0)
    return digest(photo)[1]
