"""Files that are either whole or not there."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from django.core.files import File  # generic in the stubs only


class WholeFileStorage(FileSystemStorage):
    """On disk, but as S3 does it: a file appears complete, and writing it again replaces it.

    Written aside, synced, then renamed, and the folders that learnt a new name synced too: a
    process killed meanwhile leaves no half a receipt, and a row that names a file never outlives it
    in a power cut.
    """

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
        with path.open("xb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())


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
