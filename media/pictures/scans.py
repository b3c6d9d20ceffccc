"""How often a JPEG draws over itself: each scan costs as much as a picture, and some bytes.

Markers are read as libjpeg reads them (ITU T.81, B.1), and no further than it reads: behind the end
of a picture a camera writes another, or a film, in which the same bytes stand by chance.
"""

import re
from typing import IO

from media.errors import NotAccepted
from media.limits import MOST_SCANS
from media.verbs import CHUNK

# Those with a length behind them, and the end. Any other is passed over, as a byte of a picture is.
MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
END, START_OF_SCAN = b"\xd9", b"\xda"
LENGTH = 2  # bytes, which it counts with
# A scan has some four, and a large profile or preview some hundred more.
MOST_SEGMENTS = 10_000


def check_scans(file: IO[bytes]) -> None:
    """NotAccepted for a JPEG of more than MOST_SCANS, or MOST_SEGMENTS."""
    file.seek(0)
    window, at, scans = b"", 0, 0
    for _ in range(MOST_SEGMENTS):
        found = MARKER.search(window, at)
        while found is None and (more := file.read(CHUNK)):
            window, at = window[at:][-1:] + more, 0
            found = MARKER.search(window)
        if found is None or found[1] == END:
            return
        scans += found[1] == START_OF_SCAN
        if scans > MOST_SCANS:
            break
        window, at = _behind(file, window, found.end())
    msg = f"This JPEG is drawn in more than {MOST_SCANS} passes, or parts. Save it anew."
    raise NotAccepted(msg, cause="a JPEG with too many scans")


def _behind(file: IO[bytes], window: bytes, at: int) -> tuple[bytes, int]:
    """What is read of the file, and where in it the segment ends whose length stands at `at`."""
    if len(window) < at + LENGTH:
        window, at = window[at:] + file.read(LENGTH + CHUNK), 0
    end = at + max(LENGTH, int.from_bytes(window[at : at + LENGTH]))
    if end <= len(window):
        return window, end
    file.seek(end - len(window), 1)
    return b"", 0
