"""A part of a file, as browsers ask for it that jump within a film (RFC 9110, 14)."""

import re
from dataclasses import dataclass

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from media.models import StoredFile

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

    The server reads the file itself, from where it stands to as many bytes as the answer has: a
    viewer who pauses holds a file open, and no thread. FileNotFoundError, FileDamaged, Retry.
    """
    part = part_of(asked, stored.size)
    if part is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{stored.size}"
        return refused
    is_whole = part.length == stored.size
    file = stored.open()
    file.seek(part.first)
    answer = FileResponse(file, status=200 if is_whole else 206, content_type=content_type)
    del answer["Content-Disposition"]  # the name of our file
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
