"""Files that are either whole or not there."""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.core.files import File as DjangoFile
from django.core.files.storage import FileSystemStorage

from media.disk_errors import disk_errors
from media.linking import named_again
from media.verbs import Download, Stored

if TYPE_CHECKING:
    from django.core.files import File  # generic in the stubs only

# `.name.` and twelve letters, as `_save` calls what it has not finished.
ASIDE = re.compile(r"\..+\.[0-9a-f]{12}")


class WholeFileStorage(FileSystemStorage):
    """On disk, but as S3 does it: a file appears complete, and writing it again replaces it.

    Written aside, synced, then renamed, and the folders that learnt a new name synced too: a
    process killed meanwhile leaves no half a receipt, and a row that names a file never outlives it
    in a power cut. A file of `unfinished` on the same disk is not copied: it gets a second name.
    """

    def look(self, name: str) -> Stored | None:
        """See `verbs.Keeper`, here and below. A disk keeps no sha256."""
        with disk_errors():
            try:
                found = Path(self.path(name)).stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return _stored(name, found)

    def put(self, name: str, content: IO[bytes], *, size: int, sha256: str, anew: bool) -> bool:
        """What stands there with another size was left by somebody who wrote in another way."""
        found = None if anew else self.look(name)
        if found and found.size == size:
            return False
        with disk_errors(writing=True):
            self._save(name, DjangoFile(content))
        return True

    def fetch(self, name: str, *, size: int = 0) -> IO[bytes]:
        """An open file: whoever deletes it meanwhile takes nothing from its reader."""
        with disk_errors():
            return Path(self.path(name)).open("rb")

    def remove(self, name: str) -> None:
        """Its folder stays: a twin may be about to use it."""
        with disk_errors():
            Path(self.path(name)).unlink(missing_ok=True)

    def names(self, folder: str) -> Iterator[Stored]:
        """What is complete."""
        for path in self._files(folder):
            if not ASIDE.fullmatch(path.name):
                yield from self._seen(path)

    def remove_remains(self, folder: str, *, before: datetime) -> int:
        """What stands aside."""
        asides = [path for path in self._files(folder) if ASIDE.fullmatch(path.name)]
        old = [path for path in asides for one in self._seen(path) if one.modified_at < before]
        with disk_errors():
            for path in old:
                path.unlink(missing_ok=True)
        return len(old)

    def address(self, name: str, download: Download) -> str:
        """None: nobody but us reads a disk."""
        return ""

    def _files(self, folder: str) -> Iterator[Path]:
        with disk_errors():
            for here, _, names in os.walk(self.path(folder)):
                yield from (Path(here, name) for name in names)

    def _seen(self, path: Path) -> Iterator[Stored]:
        name = path.relative_to(self.location).as_posix()
        yield from filter(None, [self.look(name)])

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name asked for: ours say what is in the file, so the same name is the same file."""
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        folders = leading_to(target, root=Path(self.location))
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
        try:
            self._write(aside, content)
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
        for folder in folders:
            sync(folder)
        return name

    def _write(self, path: Path, content: "File[bytes]") -> None:
        is_there = named_again(content.file, path)
        with path.open("rb" if is_there else "xb") as file:
            if not is_there:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
            os.fsync(file.fileno())


def _stored(name: str, found: os.stat_result) -> Stored:
    return Stored(
        name=name, size=found.st_size, modified_at=datetime.fromtimestamp(found.st_mtime, tz=UTC)
    )


def leading_to(target: Path, *, root: Path) -> list[Path]:
    """The folders in which a name may be new: all below `root`, and above it what has to be made.

    Also those that are there already: a twin may have made one a moment ago, and not synced yet.
    """
    way = (target, *target.parents)
    return [one.parent for one in way if root in one.parents or not one.exists()]


def sync(folder: Path) -> None:
    """Have the names in a folder survive a power cut, as fsync does for a file's content."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
