"""A part of a file, as browsers ask for it that jump within a film (RFC 9110, 14)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from media.models import StoredFile
from media.verbs import CHUNK

# One range: who asks for several at once is given the whole.
ASKED = re.compile(r"bytes=(\d*)-(\d*)")
# Digits: of a longer number no file has as many bytes, and `int` takes its time.
LONGEST = 18


@dataclass(frozen=True, slots=True)
class Part:
    """Its first byte and its last."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """In bytes."""
        return self.last - self.first + 1


def in_part(stored: StoredFile, asked: str, content_type: str) -> HttpResponseBase:
    """206 with what was `asked` for, 416 where the file is not as long, 200 with all of it.

    FileNotFoundError, FileDamaged, Retry.
    """
    part = part_of(asked, stored.size)
    if part is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{stored.size}"
        return refused
    is_whole = part.length == stored.size
    answer = StreamingHttpResponse(
        Chunks(stored.open(), part), status=200 if is_whole else 206, content_type=content_type
    )
    answer["Content-Length"] = str(part.length)
    answer["Accept-Ranges"] = "bytes"
    if not is_whole:
        answer["Content-Range"] = f"bytes {part.first}-{part.last}/{stored.size}"
    return answer


def part_of(asked: str, size: int) -> Part | None:
    """Which bytes. None of those that it does not have; all of them for what is no single range."""
    found = ASKED.fullmatch(asked.strip())
    whole = Part(0, size - 1)
    if not found or found.groups() == ("", "") or max(map(len, found.groups())) > LONGEST:
        return whole
    first, last = found.groups()
    if not first:  # so many from the end
        return Part(max(0, size - int(last)), size - 1) if int(last) else None
    if last and int(last) < int(first):
        return whole
    return Part(int(first), min(int(last or size), size - 1)) if int(first) < size else None


class Chunks:
    """Those of a part; the file is closed after the last, or with the answer."""

    def __init__(self, file: IO[bytes], part: Part) -> None:
        self._file, self._left = file, part.length
        self.close = file.close
        file.seek(part.first)

    def __iter__(self) -> Iterator[bytes]:
        with self._file as file:
            while self._left and (chunk := file.read(min(CHUNK, self._left))):
                self._left -= len(chunk)
                yield chunk
