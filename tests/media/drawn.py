"""Pictures drawn for a test, as files: in any format, turned, damaged, or no pictures at all."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
LYING = 6  # of an EXIF orientation: the camera was held upright
# The word for a program in a drawing.
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def two_colours(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def written(image: Image.Image, format: str = "JPEG", **options: Any) -> io.BytesIO:  # noqa: A002 - Pillow's
    """As a file, at its beginning."""
    file = io.BytesIO()
    image.save(file, format, **options)
    file.seek(0)
    return file


def photo(width: int = 40, height: int = 30, format: str = "JPEG", **options: Any) -> io.BytesIO:  # noqa: A002 - Pillow's
    """Two colours, as a file."""
    return written(two_colours(width, height), format, **options)


def exif(orientation: int) -> Image.Exif:
    """What a camera writes: how it was held, whose it is, and where it was."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x013B] = "Ada Lovelace"
    found.get_ifd(0x8825)[1] = "N"
    return found


def bomb(width: int = 30_000, height: int = 30_000) -> io.BytesIO:
    """A small PNG that says it has very many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b""))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts))


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def scans(count: int) -> io.BytesIO:
    """A progressive JPEG whose last pass is there so many times."""
    whole = photo(progressive=True).read()
    at = whole.rindex(b"\xff\xda")
    return io.BytesIO(whole[:at] + whole[at:-2] * count + whole[-2:])


def box(*brands: bytes) -> io.BytesIO:
    """The first bytes of a file that calls itself these (ISO 14496-12)."""
    content = b"ftyp" + brands[0] + b"\0\0\0\0" + b"".join(brands[1:])
    return io.BytesIO(struct.pack(">I", len(content) + 4) + content + b"\0" * 100)
