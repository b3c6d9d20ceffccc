"""ZIPs of pictures for a test: whole, lying about themselves, or with strange names."""

import io
import struct
import zipfile
from typing import IO

from tests.media.drawn import photo


def picture(width: int = 40) -> bytes:
    """Each width is another picture."""
    return photo(width).read()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> io.BytesIO:
    """By their names there."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def flagged(files: dict[str, bytes]) -> IO[bytes]:
    """Whose list says that all of it is protected by a password."""
    content = bytearray(zipped(files).read())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    return io.BytesIO(bytes(content))


def saying(count: int, listed: int) -> IO[bytes]:
    """Whose end says that so many files are listed in so many bytes."""
    content = bytearray(zipped({"a.jpg": picture()}).read())
    struct.pack_into("<HHL", content, content.rindex(b"PK\x05\x06") + 8, count, count, listed)
    return io.BytesIO(bytes(content))


def belittled(count: int) -> IO[bytes]:
    """That has so many files of one name, and says that it has one."""
    entry = zipped({"a": b""}).read()
    at, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    content = bytearray(entry[:at] + entry[at:end] * count + entry[end:])
    struct.pack_into("<HHL", content, len(content) - 14, 1, 1, (end - at) * count)
    return io.BytesIO(bytes(content))
