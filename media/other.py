"""Any Django storage class that somebody has set: asked by what all of them can do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage

from media.disk_errors import disk_errors
from media.verbs import Download, Stored


@dataclass(frozen=True, slots=True)
class Other:
    """See `verbs.Keeper`. It knows no half-written file of its own, and signs nothing."""

    storage: Storage

    def look(self, name: str) -> Stored | None:
        """In three questions."""
        with disk_errors():
            if not self.storage.exists(name):
                return None
            when = self.storage.get_modified_time(name)
            return Stored(name=name, size=self.storage.size(name), modified_at=when)

    def put(self, name: str, content: IO[bytes], *, size: int, sha256: str, anew: bool) -> bool:
        """What stands there with another size was left by a killed process: it is replaced."""
        found = self.look(name)
        if found and found.size == size and not anew:
            return False
        with disk_errors():
            if found:
                self.storage.delete(name)
            self._save(name, content)
        return True

    def _save(self, name: str, content: IO[bytes]) -> None:
        """One that will not overwrite picks another name when a twin was quicker: not kept."""
        taken = self.storage.save(name, File(content))
        if taken != name:
            self.storage.delete(taken)

    def fetch(self, name: str, *, size: int = 0) -> IO[bytes]:
        """As it opens it."""
        with disk_errors():
            found: IO[bytes] = self.storage.open(name)
            return found

    def remove(self, name: str) -> None:
        """As it deletes it."""
        with disk_errors():
            self.storage.delete(name)

    def names(self, folder: str) -> Iterator[Stored]:
        """Folder by folder."""
        try:
            with disk_errors():
                folders, files = self.storage.listdir(folder)
        except FileNotFoundError:  # a folder in which nothing was written yet
            return
        for name in files:
            yield from filter(None, [self.look(f"{folder}/{name}")])
        for name in folders:
            yield from self.names(f"{folder}/{name}")

    def remove_remains(self, folder: str, *, before: datetime) -> int:
        """Nobody knows what they look like."""
        return 0

    def address(self, name: str, download: Download) -> str:
        """None: its `url` may be for everybody and for ever."""
        return ""
