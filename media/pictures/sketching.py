"""What stands in a page until there is more: sixteen pixels of a picture, and its mean colour."""

import base64
import io
from dataclasses import dataclass

from PIL import Image

from media.pictures.opening import orientation_of, seen_size
from media.pictures.turning import flat, turned

# Of the longer side.
SKETCH = 16
# JPEG decodes itself at an eighth of its size for next to nothing.
EIGHTH = 8
# Pixels that a request decodes. Of more the placeholder is made with the variants.
AT_ONCE = 4_000_000
QUALITY = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """A data URI, and a colour as `#rrggbb`; "" both of what takes too long to decode now."""

    placeholder: str = ""
    colour: str = ""


def sketch_at_once(image: Image.Image) -> Sketch:
    """For a request: of what is quickly decoded."""
    if image.format in {"JPEG", "MPO"} and not image.info.get("progressive"):
        return sketch(image) if _pixels(image) <= AT_ONCE * EIGHTH**2 else Sketch()
    return sketch(image) if _pixels(image) <= AT_ONCE else Sketch()


def sketch(image: Image.Image) -> Sketch:
    """Decodes the picture, or as little of it as its format allows."""
    turn = orientation_of(image)
    width, height = seen_size(image)
    longer = max(width, height)
    small = max(1, round(SKETCH * width / longer)), max(1, round(SKETCH * height / longer))
    image.draft("RGB", (SKETCH * EIGHTH, SKETCH * EIGHTH))
    image.thumbnail((SKETCH * 4, SKETCH * 4), Image.Resampling.BOX, reducing_gap=None)
    drawn = turned(flat(image), turn).resize(small, Image.Resampling.BOX)
    red, green, blue = drawn.resize((1, 1), Image.Resampling.BOX).tobytes()
    return Sketch(placeholder=_data_uri(drawn), colour=f"#{red:02x}{green:02x}{blue:02x}")


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _data_uri(drawn: Image.Image) -> str:
    written = io.BytesIO()
    drawn.save(written, "WEBP", quality=QUALITY, method=4)
    return f"data:image/webp;base64,{base64.b64encode(written.getvalue()).decode()}"
