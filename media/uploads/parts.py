"""A part of a file arrives. Each says where it begins, and what the file is up to its end.

So a part that comes twice, too early, damaged, or from another file is told apart, and what two
tabs send at once is one file or an error, never a mixture.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from deferral.crashpoints import crashpoint
from deferral.events import publish
from media.accepting import kind_of
from media.disk_errors import FULL
from media.errors import NotAccepted
from media.events import UploadWhole
from media.models import Upload
from media.places import BUCKET
from media.uploads import local
from media.uploads.ending import close
from media.uploads.errors import AnotherFile, AnotherOffset, NoSpace, NotTaken, Over, TooLarge
from media.uploads.purposes import PURPOSES
from media.uploads.room import check_room_for_a_part
from media.verbs import CHUNK


class Part(Protocol):
    """What is read once, from its beginning: a request, or a file."""

    def read(self, size: int, /) -> bytes:
        """At most so many; b"" at its end."""


ENDED = (Upload.State.REFUSED, Upload.State.CANCELLED)
LOST = "What was sent before is not here any more. It begins anew."


def append(tag: str, part: Part, *, offset: int, crc: int) -> Upload:
    """Keep one part. `crc` is the CRC-32 of the file from its first byte to the part's last.

    On the disk, and counted, or neither. AnotherOffset, AnotherFile, TooLarge, Over, NoSpace;
    NotTaken by its first bytes, which ends the upload.
    """
    with transaction.atomic():
        upload = _locked(tag)
        lost = not local.is_there(upload)
        refusal = "" if lost else _take(upload, part, offset=offset, crc=crc)
        if lost:
            upload.received = upload.crc = 0
            _moved(upload)
    if lost:
        raise AnotherOffset(LOST)
    if refusal:
        raise NotTaken(refusal)
    return upload


def _locked(tag: str) -> Upload:
    upload = Upload.objects.select_for_update().filter(tag=tag, state=Upload.State.OPEN).first()
    if upload is None or upload.place == BUCKET:
        raise Over
    return upload


def _take(upload: Upload, part: Part, *, offset: int, crc: int) -> str:
    """Why the whole upload is refused; "" where the part is kept."""
    if offset != upload.received:
        raise AnotherOffset
    check_room_for_a_part()
    first = part.read(CHUNK)
    if not offset and (refusal := _refusal(upload, first)):
        close(upload, Upload.State.REFUSED, refusal)
        return refusal
    with _kept_or_cut(upload):
        count, found = _written(upload, _chunks(first, part, most=upload.size - offset))
        if not count or found != crc:
            raise AnotherFile
    crashpoint("part_written")
    upload.received, upload.crc = offset + count, found
    if upload.received == upload.size:
        _finished(upload)
    _moved(upload)
    return ""


@transaction.atomic
def say_sent(tag: str) -> Upload:
    """The bucket has it, its sender says. Once; Over for what goes in parts, or has ended."""
    upload = Upload.objects.select_for_update().filter(tag=tag, place=BUCKET).first()
    if upload is None or upload.state in ENDED:
        raise Over
    if upload.state == Upload.State.OPEN:
        _finished(upload)
        _moved(upload)
    return upload


def _finished(upload: Upload) -> None:
    """A job looks at it."""
    upload.state = Upload.State.WHOLE
    publish(UploadWhole(upload_id=upload.pk), subject=upload.about)


def _moved(upload: Upload) -> None:
    upload.moved_at = timezone.now()
    upload.save(update_fields=["received", "crc", "state", "moved_at"])


def _refusal(upload: Upload, head: bytes) -> str:
    try:
        kind_of(head, PURPOSES[upload.purpose].kinds)
    except NotAccepted as error:
        return str(error)
    return ""


@contextmanager
def _kept_or_cut(upload: Upload) -> Iterator[None]:
    """What is refused, or breaks off, takes no space until the next part comes."""
    try:
        yield
    except BaseException:
        local.cut(upload)
        raise


def _written(upload: Upload, chunks: Iterator[bytes]) -> tuple[int, int]:
    try:
        return local.write(upload, chunks)
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace from error
        raise


def _chunks(first: bytes, part: Part, *, most: int) -> Iterator[bytes]:
    """TooLarge with the first byte that is too many."""
    count, chunk = 0, first
    while chunk:
        count += len(chunk)
        if count > most:
            msg = "There is more of it than it was said to have."
            raise TooLarge(msg)
        yield chunk
        chunk = part.read(CHUNK)
