"""What ffmpeg finds in a film: asked of the program that will encode it, and by reading all of it.

Not of ffprobe, which the package does not have, nor of PyAV, whose 100 MB are a second reader that
may see another film in the same file. A film's head says what it likes: the pictures are counted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from media.errors import NotAccepted
from media.films.apart import Limits, running
from media.films.complaints import NO_PICTURE, NOT_OF_THE_FILM, in_words
from media.films.errors import ProgramFailed
from media.films.facts import Facts
from media.films.finding import ffmpeg
from media.films.reading import Source, reading
from media.limits import LONGEST

# It decodes one picture and copies the rest: a few seconds for 2 GB.
LIMITS = Limits(cpu=120, size=10_000_000)
# Seconds in which it says nothing: of a film it says something at once.
QUIET = 60.0
# Seconds: what is longer than allowed is read no further than to know that.
ENOUGH = LONGEST + 20
# `framecrc`, ffmpeg's own format for its tests: `#dimensions 0: 320x180`, then a line a packet.
HEAD = re.compile(r"#(\w+) (\d+): (.+)")
PACKET = re.compile(r"(\d+), *-?\d+, *(-?\d+), *(\d+),")
# Two blanks, where lines of what a film says of itself have four.
PROMISED = re.compile(r"^  Duration: (\d+):(\d+):(\d+\.\d+)", re.MULTILINE)
# The first picture, decoded and turned.
SHOWN = re.compile(
    r"^\[Parsed_showinfo_0 @ \w+\] n: *0 .*? fmt:(\w+) .*? sar:(\d+)/(\d+) s:(\d+)x(\d+)",
    re.MULTILINE,
)
DEPTH = re.compile(r"(\d+)[lb]e$")


@dataclass(kw_only=True, slots=True)
class Stream:
    """Pictures or sound: what its packets say. Times in ticks of `tick` seconds."""

    tick: Fraction = Fraction(1)
    kind: str = ""
    codec: str = ""
    count: int = 0
    first: int | None = None
    end: int = 0

    def add(self, at: int, length: int) -> None:
        """A packet. They come as they are decoded, not as they are shown."""
        self.count += 1
        self.first = at if self.first is None else min(self.first, at)
        self.end = max(self.end, at + length)

    @property
    def begins(self) -> float:
        """Seconds."""
        return float((self.first or 0) * self.tick)

    @property
    def ends(self) -> float:
        """Seconds."""
        return float(self.end * self.tick)


def probe(source: Source) -> Facts:
    """Read the film through. NotAccepted where ffmpeg can make nothing of it.

    ProgramFailed where it was ended, or had no memory or room: that says nothing of the film.
    Stuck, NoFfmpeg.
    """
    command = [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-nostats", "-v", "info"),
        *reading(source),
        *("-map", "0:V:0", "-frames:v", "1", "-vf", "showinfo", "-f", "null", "-"),
        *("-map", "0:V:0", "-map", "0:a:0?", "-c", "copy", "-t", str(ENOUGH)),
        *("-f", "framecrc", "pipe:1"),
    ]
    try:
        with running(command, limits=LIMITS, files=[source.descriptor]) as program:
            streams = read_packets(program.lines(patience=QUIET))
            words = program.end()
    except ProgramFailed as error:
        if error.code < 0 or error.code in NOT_OF_THE_FILM:
            raise
        raise NotAccepted(in_words(error)) from error
    return gather(streams, words)


def read_packets(lines: Iterable[str]) -> dict[int, Stream]:
    """What `framecrc` says."""
    streams: dict[int, Stream] = {}
    for line in lines:
        if found := PACKET.match(line):
            number, at, length = map(int, found.groups())
            streams.setdefault(number, Stream()).add(at, length)
        elif found := HEAD.match(line):
            name, number, value = found[1], int(found[2]), found[3]
            _note(streams.setdefault(number, Stream()), name, value)
    return streams


def _note(stream: Stream, name: str, value: str) -> None:
    match name:
        case "tb":
            stream.tick = Fraction(value)
        case "media_type":
            stream.kind = value
        case "codec_id":
            stream.codec = value


def gather(streams: dict[int, Stream], words: str) -> Facts:
    """The facts. NotAccepted where there is no picture."""
    shown = SHOWN.search(words)
    pictures = next((one for one in streams.values() if one.kind == "video"), None)
    if not shown or not pictures or not pictures.count:
        raise NotAccepted(NO_PICTURE)
    begins = min(one.begins for one in streams.values() if one.count)
    seconds = max(one.ends for one in streams.values()) - begins
    lasts = pictures.ends - pictures.begins
    across, down = int(shown[2]) or 1, int(shown[3]) or 1
    depth = DEPTH.search(shown[1])
    return Facts(
        codec=pictures.codec,
        width=round(int(shown[4]) * across / down),
        height=int(shown[5]),
        seconds=round(seconds, 3),
        promised=_promised(words),
        rate=round(pictures.count / lasts, 3) if lasts > 0 else 0.0,
        depth=int(depth[1]) if depth else 8,
        has_sound=any(one.kind == "audio" and one.count for one in streams.values()),
    )


def _promised(words: str) -> float:
    found = PROMISED.search(words)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0
