"""Pictures that stand in a folder of this machine, as the ZIP in which they come along."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from media.films.reading import temporary
from shop.imports.directory import MOST_FILES, TOO_MANY
from shop.imports.errors import PicturesNotReadable
from shop.imports.picture_names import is_hidden
from shop.imports.receiving import MOST_OF_PICTURES, TOO_LARGE_ZIP

NOT_A_NAME = "The name of %r is no text, and a ZIP cannot have it. Rename it."


@contextmanager
def packed(path: Path) -> Iterator[IO[bytes]]:
    """A ZIP as it is, or a folder with all that is below it. PicturesNotReadable, OSError, Retry.

    Links are not followed: they may lead out of the folder. What is hidden is left out.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            yield file
        return
    with temporary() as file:
        _pack(path, file)
        file.seek(0)
        yield file


def _pack(folder: Path, into: IO[bytes]) -> None:
    """As they are: a picture is compressed already."""
    count = size = 0
    with zipfile.ZipFile(into, "w", allowZip64=False, strict_timestamps=False) as archive:
        for path in _files(folder):
            count, size = count + 1, size + path.stat().st_size
            if count > MOST_FILES:
                raise PicturesNotReadable(TOO_MANY)
            if size > MOST_OF_PICTURES:
                raise PicturesNotReadable(TOO_LARGE_ZIP)
            try:
                archive.write(path, path.relative_to(folder).as_posix())
            except UnicodeEncodeError as error:
                raise PicturesNotReadable(NOT_A_NAME % os.fsencode(path.name)) from error


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        found = (Path(parent, name) for name in sorted(names))
        yield from (
            each
            for each in found
            if each.is_file()
            and not each.is_symlink()
            and not is_hidden(each.relative_to(folder).as_posix())
        )
