"""An upload that goes past us, into a bucket: a form that the bucket takes from a browser.

It is bound to one name, one size and one type, and good for as long as a page may stand open. What
the bucket says of what it got is looked at by a job, whatever the browser says.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import IO, Any, Protocol

from django.core.files.storage import storages

from media.filing import Filed, name_of
from media.large_bodies import KEPT
from media.models.assets import Asset, subject_of
from media.places import BUCKET
from media.reading import digest
from media.uploads.ending import incoming


class Bucket(Protocol):
    """What is asked of one beside the verbs of every storage."""

    def form(self, name: str, *, size: int, seconds: int) -> dict[str, Any]:
        """`url` and `fields` of a POST that it takes once it is sent."""

    def version(self, name: str, *, size: int) -> str:
        """Of what stands there, if it has this size; "" where nothing does."""

    def adopt(self, source: str, version: str, *, name: str, size: int, sha256: str) -> None:
        """Have a copy of that version under another name, whole. Retry where it has changed."""

    def fetch(self, name: str, *, size: int = 0, version: str = "") -> IO[bytes]:
        """See `verbs.Keeper`. Retry where another version stands there."""

    def remove(self, name: str) -> None:
        """See `verbs.Keeper`."""


def form(tag: str, *, size: int) -> dict[str, Any]:
    """Asks nobody. Retry where the bucket's address is nonsense."""
    return _bucket().form(incoming(tag), size=size, seconds=int(KEPT.total_seconds()))


def version(tag: str, *, size: int) -> str:
    """Of what has arrived; "" of nothing, and of another size. Retry, ServiceAway."""
    return _bucket().version(incoming(tag), size=size)


@contextmanager
def arrived(tag: str, *, size: int) -> Iterator[tuple[IO[bytes] | None, str]]:
    """The file, on this machine until the block ends, and its version. None: it has not arrived."""
    bucket, name = _bucket(), incoming(tag)
    version = bucket.version(name, size=size)
    try:
        found = bucket.fetch(name, size=size, version=version) if version else None
    except FileNotFoundError:
        found = None
    with found or nullcontext():
        yield found, version


def adopt(found: IO[bytes], version: str, *, tag: str, size: int, suffix: str) -> Filed:
    """Have it where files of ours stand, under their names, copied within the bucket. Retry."""
    found.seek(0)
    _, sha256 = digest(found)
    name = name_of(sha256, key=subject_of(tag), folder=Asset.folder, suffix=suffix)
    _bucket().adopt(incoming(tag), version, name=name, size=size, sha256=sha256)
    return Filed(name=name, sha256=sha256, size=size, place=BUCKET)


def remove(tag: str) -> None:
    """What was sent there. Retry."""
    _bucket().remove(incoming(tag))


def _bucket() -> Bucket:
    found: Any = storages[BUCKET]
    bucket: Bucket = found
    return bucket
