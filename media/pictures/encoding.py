"""The three formats a picture is handed out in. Its name, its place and its camera are in none."""

import io
from typing import Any

from PIL import Image

# As Pillow takes them; at these numbers they look alike. AVIF at speed 10 costs a third of the time
# of speed 8 for the same bytes; one thread, because another job has the other core.
FORMATS: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 80, "progressive": True},
    "webp": {"quality": 78, "method": 2},
    "avif": {"quality": 50, "speed": 10, "max_threads": 1},
}


def encoded(image: Image.Image, format: str) -> bytes:  # noqa: A002 - the word for it
    """One of `reducing`, as a file."""
    written = io.BytesIO()
    image.save(written, format.upper(), **FORMATS[format])
    return written.getvalue()
