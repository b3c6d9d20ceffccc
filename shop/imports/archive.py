"""The pictures that came along with a file: found in a ZIP by their names, and never unpacked.

What a ZIP says of itself is not believed: how much it lists is bounded before it is listed, and
each picture before it is read. The names in it lead nowhere: nothing is written by them.
"""

import errno
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from media.accepting import look
from media.errors import NotAccepted
from media.limits import MOST_BYTES
from media.models import Asset
from shop.imports.directory import MOST_FILES, NO_ZIP, TOO_MANY, check_directory
from shop.imports.endings import Endings
from shop.imports.errors import NoPicture, PictureMissing, PicturesNotReadable
from shop.imports.picture_names import folded, is_hidden, path_of
from shop.models import ImportArchive, ProductImport

# The others are expanded in pieces of any size.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
MOST = MOST_BYTES[Asset.Kind.PICTURE]
LOCKED = "It is protected by a password."
PACKED = "It is packed in a way that is not read here. Make the ZIP anew."
DAMAGED = "The ZIP is damaged here."
MISSING = "No file of that name came along."
SEVERAL = "Several files are called that, {names}. Write it with its folder, as the ZIP has it."
DAMAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Came:
    """A picture that came along: its name there, and what its bytes are."""

    name: str
    sha256: str


class Archive:
    """A ZIP, open. What was said of a picture is remembered: a line is judged more than once."""

    def __init__(self, file: IO[bytes]) -> None:
        check_directory(file)
        with said_of_damage(PicturesNotReadable(NO_ZIP)):
            self._zip = zipfile.ZipFile(file)
        self._known: dict[str, Came | str] = {}
        self._entries = _shown(self._zip.infolist())
        self._paths = Endings(path_of(each.filename) for each in self._entries)
        self._folded = Endings(folded(each.filename) for each in self._entries)

    def find(self, name: str) -> Came:
        """The picture of that name, in whatever folder and case of letters. NoPicture says why not,
        PictureMissing where none is called that.
        """
        entry = self._entry(name)
        if entry.filename not in self._known:
            self._known[entry.filename] = self._look(entry)
        known = self._known[entry.filename]
        if isinstance(known, str):
            raise NoPicture(known)
        return known

    def read(self, came: Came) -> IO[bytes]:
        """It, in memory. NoPicture."""
        return self._read(self._zip.getinfo(came.name))

    def _entry(self, name: str) -> zipfile.ZipInfo:
        path = path_of(name)
        there = self._paths.whole(path) or self._paths.of(path) or self._folded.of(folded(name))
        found = [self._entries[place] for place in there]
        if not found:
            raise PictureMissing(MISSING)
        if len(found) > 1:
            names = " and ".join(each.filename[:60] for each in found)
            raise NoPicture(SEVERAL.format(names=names))
        return found[0]

    def _look(self, entry: zipfile.ZipInfo) -> Came | str:
        try:
            content = self._read(entry)
            look(content, [Asset.Kind.PICTURE])
        except (NoPicture, NotAccepted) as error:
            return str(error)
        return Came(entry.filename, hashlib.sha256(content.getbuffer()).hexdigest())

    def _read(self, entry: zipfile.ZipInfo) -> io.BytesIO:
        if entry.flag_bits & 1:
            raise NoPicture(LOCKED)
        if entry.compress_type not in METHODS:
            raise NoPicture(PACKED)
        with said_of_damage(NoPicture(DAMAGED)), self._zip.open(entry) as stream:
            # One byte more than may be: `look` says of it that it is too large.
            return io.BytesIO(stream.read(MOST + 1))


def _shown(listed: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """PicturesNotReadable where there are more than its end has said."""
    if len(listed) > MOST_FILES:
        raise PicturesNotReadable(TOO_MANY)
    return [
        each
        for each in listed
        if each.filename and not each.is_dir() and not is_hidden(each.filename)
    ]


@contextmanager
def said_of_damage(told: Exception) -> Iterator[None]:
    """Raise `told` for whatever a damaged ZIP makes Python's reader raise."""
    try:
        yield
    except DAMAGE as error:
        raise told from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning of the file
            raise
        raise told from error


@contextmanager
def archive_of(source: ProductImport) -> Iterator[Archive | None]:
    """What came along with that file, if anything did. PicturesNotReadable, FileDamaged, Retry."""
    for kept in ImportArchive.objects.filter(source=source):
        with kept.open() as file:
            yield Archive(file)
            return
    yield None
