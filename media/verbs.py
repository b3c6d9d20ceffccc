"""What is asked of a storage. Names are ours: one is the same bytes wherever it stands.

`disk`, `bucket` and `other` answer. What a storage cannot do now is a Retry, what it never will a
Bury, and a name that it does not have a FileNotFoundError.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Protocol

from django.utils.http import content_disposition_header

from deferral.external_services import external_service

FILE_STORAGE = external_service("file storage")
# Bytes read at once: what a stream costs in memory.
CHUNK = 1_048_576
# What has stood there for longer is written anew.
FRESH = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What a storage says of a file. `sha256` is empty where it keeps none."""

    name: str
    size: int
    modified_at: datetime
    sha256: str = ""

    @property
    def is_young(self) -> bool:
        """The sweep takes what no row names after a day; and the row is yet to come."""
        return datetime.now(UTC) - self.modified_at < FRESH

    def fits(self, *, size: int, sha256: str) -> bool:
        """Whether that is the file that was written, as far as it can be said without reading."""
        return self.size == size and self.sha256 in {"", sha256}


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """How a browser is to take a file. `seconds`: for so long a signed address opens it, where that
    is longer than usual.
    """

    filename: str
    content_type: str
    attachment: bool = False
    seconds: int = 0

    @property
    def disposition(self) -> str:
        """As a header says it (RFC 6266), any letters in the name."""
        return str(content_disposition_header(self.attachment, self.filename))


class Keeper(Protocol):
    """One storage."""

    def look(self, name: str) -> Stored | None:
        """What it has under this name."""

    def put(self, name: str, content: IO[bytes], *, size: int, sha256: str, anew: bool) -> bool:
        """Keep a file, whole or not at all. False where the name is taken, unless `anew`."""

    def fetch(self, name: str, *, size: int = 0) -> IO[bytes]:
        """The file from its beginning, to be closed; `size` is how long it may take. What is found
        may have another. FileNotFoundError.
        """

    def remove(self, name: str) -> None:
        """Delete it. Nothing happens where there is none."""

    def names(self, folder: str) -> Iterator[Stored]:
        """Everything below a folder; without sha256."""

    def remove_remains(self, folder: str, *, before: datetime) -> int:
        """What killed writers left half written longer ago than that; how many there were."""

    def address(self, name: str, download: Download) -> str:
        """Where a browser gets it for some seconds, signed. Empty: it is for us to hand out."""
