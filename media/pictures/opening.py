"""A picture of somebody, opened by the one decoder its first bytes name, and bounded before that.

Pillow reads the header alone when it opens a file. Pixels are decoded by `load`, and by whatever
needs them: so all bounds are looked at here.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from PIL import ExifTags, Image

from media.errors import NotAccepted
from media.formats import PICTURES
from media.limits import LONGEST_SIDE, MEGABYTE, MOST_PIXELS
from media.pictures.scans import check_scans

# Pillow's own bound, for whatever opens a picture in another way: beyond twice that it raises.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What its decoders raise for what is damaged.
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    EOFError,
    RuntimeError,
    struct.error,
)
BROKEN = "This picture is damaged, or not whole. Open it, save it anew and upload that."
TOO_MANY_PIXELS = (
    f"A picture may have {MOST_PIXELS // 1_000_000} megapixels, and {LONGEST_SIDE:,} pixels on its "
    "longer side. Make it smaller."
)
# EXIF orientations of a picture that lies on its side (Exif 2.32, 4.6.4).
ON_ITS_SIDE = {5, 6, 7, 8}


@contextmanager
def opened(file: IO[bytes], format: str) -> Iterator[Image.Image]:  # noqa: A002 - the word for it
    """The picture, its pixels not decoded yet. NotAccepted, also for what is raised inside while
    they are.
    """
    try:
        if format == "jpeg":
            check_scans(file)
        file.seek(0)
        with Image.open(file, formats=[PICTURES[format]]) as image:
            check_size(*image.size)
            yield image
    except BOMBS as error:
        raise NotAccepted(TOO_MANY_PIXELS) from error
    except DAMAGE as error:
        raise NotAccepted(BROKEN) from error


def check_size(width: int, height: int) -> None:
    """NotAccepted for more than is decoded here."""
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        msg = f"It has {width:,} by {height:,} pixels. {TOO_MANY_PIXELS}"
        raise NotAccepted(msg, cause="too many pixels")


def orientation_of(image: Image.Image) -> int:
    """How it is to be turned: 1 is not at all. From its header; nothing is decoded for it."""
    written = image.info.get("exif")
    if not isinstance(written, bytes):
        return 1
    exif = Image.Exif()
    exif.load(written)
    found = exif.get(ExifTags.Base.Orientation, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def seen_size(image: Image.Image) -> tuple[int, int]:
    """Width and height once it is turned."""
    width, height = image.size
    return (height, width) if orientation_of(image) in ON_ITS_SIDE else (width, height)


def in_megabytes(size: int) -> str:
    """`32 MB`."""
    return f"{size / MEGABYTE:,.0f} MB"
