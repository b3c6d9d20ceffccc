"""The bytes of an unfinished upload on this machine: a file beside the folders of `unfinished`.

How much of it counts, its row says. What a killed process wrote beyond that is written over.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from django.conf import settings

from media.models import Upload
from media.verbs import CHUNK


def path_of(tag: str) -> Path:
    """Its file, whether there is one or not."""
    return _root() / f"upload-{tag}"


def write(upload: Upload, chunks: Iterator[bytes]) -> tuple[int, int]:
    """Behind what is there; how many bytes, and the CRC-32 of all up to there. OSError.

    On the disk before it returns. Whoever calls holds the row's lock.
    """
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path_of(upload.tag), os.O_RDWR | os.O_CREAT, 0o600)
    count, crc = 0, upload.crc
    with os.fdopen(handle, "r+b") as file:
        file.truncate(upload.received)
        file.seek(upload.received)
        for chunk in chunks:
            file.write(chunk)
            count, crc = count + len(chunk), crc32(chunk, crc)
        file.flush()
        os.fdatasync(file.fileno())
    return count, crc


def cut(upload: Upload) -> None:
    """Back to what counts. What cannot be cut off now is written over by the next part."""
    with suppress(OSError):
        os.truncate(path_of(upload.tag), upload.received)


def is_there(upload: Upload) -> bool:
    """Whether the disk has all that counts: a backup that was put back may lack it."""
    try:
        return path_of(upload.tag).stat().st_size >= upload.received
    except FileNotFoundError:
        return not upload.received


def crc_of(path: Path) -> int:
    """Of a whole file. OSError."""
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            crc = crc32(chunk, crc)
    return crc


def remove(tag: str) -> None:
    """Or nothing, where there is none. OSError."""
    path_of(tag).unlink(missing_ok=True)


def tags() -> list[str]:
    """Of all files that are here. OSError."""
    return [path.name.removeprefix("upload-") for path in _root().glob("upload-*")]


def space() -> int:
    """Bytes that the disk has left. OSError."""
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(root).free


def _root() -> Path:
    return Path(settings.DATA_DIR) / "unfinished"
