"""Whether an upload is taken: its size, its first bytes, its header. All before any work."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import IO

from media.errors import NotAccepted
from media.formats import FILMS, HEAD, PICTURES, REFUSED, format_of
from media.limits import MOST_BYTES
from media.models import Asset
from media.pictures.opening import in_megabytes, opened, seen_size
from media.pictures.sketching import Sketch, sketch_at_once

UNKNOWN = "This is no picture and no film that we know. JPEG, PNG, WebP, AVIF and MP4 are."
EMPTY = "This file is empty."


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What can be said of an upload by looking at it."""

    kind: Asset.Kind
    format: str
    width: int = 0
    height: int = 0
    sketch: Sketch = field(default_factory=Sketch)


def look(file: IO[bytes], kinds: Collection[Asset.Kind]) -> Looked:
    """What it is, one of `kinds`. NotAccepted, whose words are for whoever has uploaded it.

    Of a picture the header is read, and what a placeholder needs if that is little. Of a film
    nothing: a program of its own does that, later.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    kind, found = kind_of(head, kinds), format_of(head)
    if size > MOST_BYTES[kind]:
        msg = f"It has {in_megabytes(size)}. A {kind} may have {in_megabytes(MOST_BYTES[kind])}."
        raise NotAccepted(msg, cause=f"a {kind} is too large")
    return _look_at_picture(file, found) if found in PICTURES else Looked(kind=kind, format=found)


def kind_of(head: bytes, kinds: Collection[Asset.Kind]) -> Asset.Kind:
    """By its first bytes, HEAD of them where there are as many. NotAccepted for any but `kinds`."""
    if not head:
        raise NotAccepted(EMPTY)
    kind = _kind_of(format_of(head[:HEAD]))
    if kind not in kinds:
        msg = f"This is a {kind}, and here belongs a {' or a '.join(kinds)}."
        raise NotAccepted(msg)
    return kind


def _kind_of(format: str) -> Asset.Kind:  # noqa: A002 - the word for it
    if format in PICTURES:
        return Asset.Kind.PICTURE
    if format in FILMS:
        return Asset.Kind.FILM
    raise NotAccepted(REFUSED.get(format, UNKNOWN))


def _look_at_picture(file: IO[bytes], format: str) -> Looked:  # noqa: A002 - the word for it
    with opened(file, format) as image:
        width, height = seen_size(image)
        return Looked(
            kind=Asset.Kind.PICTURE,
            format=format,
            width=width,
            height=height,
            sketch=sketch_at_once(image),
        )
