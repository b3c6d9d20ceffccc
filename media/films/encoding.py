"""How ffmpeg is asked for a rendition, and for a single picture."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from media.films.apart import Limits, running
from media.films.errors import Stuck
from media.films.finding import ffmpeg
from media.films.reading import Source, reading
from media.films.sizes import Frame

# Of both streams in bits a second: sound has at most so many.
SOUND = 128_000
# Seconds of computing: a second of the film takes 3 at 2160p.
AT_LEAST, PER_SECOND = 60.0, 20.0
# Seconds in which none of the film is made. A machine with four times its work makes one in ten.
QUIET = 60.0
# Bytes a second of a slow disk. In the end ffmpeg writes the film once more, with its head in
# front, and says nothing meanwhile.
WRITTEN = 20_000_000
# Pictures from one key frame to the next: who jumps waits for so many to be decoded.
KEY_FRAMES = "60"


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """`rate`: bits a second that it has at most, over two seconds; usually a third of that.
    `threads` and `more` bound what it takes of memory: 160 to 340 MB up to 1080p; at 2160p the
    usual two threads take 900, this one 520.
    """

    rate: int
    threads: int = 2
    more: tuple[str, ...] = ()


LEAN = ("-rc-lookahead", "5", "-refs", "1", "-bf", "1")
EFFORTS = {
    480: Effort(rate=1_500_000),
    720: Effort(rate=3_000_000),
    1080: Effort(rate=6_000_000),
    2160: Effort(rate=24_000_000, threads=1, more=LEAN),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A film of so many seconds, and what is to be made of it into the file `target`."""

    source: Source
    seconds: float
    size: int
    frame: Frame
    target: Source

    @property
    def limits(self) -> Limits:
        """What no film that was taken needs."""
        rate = EFFORTS[self.size].rate + SOUND
        size = 2 * rate / 8 * (self.seconds + 5)
        return Limits(cpu=AT_LEAST + PER_SECOND * self.seconds, size=int(size))

    @property
    def patience(self) -> float:
        """Seconds in which none of it need be made."""
        return QUIET + self.limits.size / WRITTEN


def encode(wanted: Wanted, watch: Callable[[float], None]) -> None:
    """Make it. `watch` is told how many seconds are made, whenever there are more of them.

    Whatever it raises ends ffmpeg. ProgramFailed, NoFfmpeg, Stuck.
    """
    files = [wanted.source.descriptor, wanted.target.descriptor]
    with running(command(wanted), limits=wanted.limits, files=files) as program:
        made, since = 0.0, time.monotonic()
        for line in program.lines(patience=wanted.patience):
            if (now := _made(line)) > made:
                made, since = now, time.monotonic()
                watch(made)
            elif time.monotonic() - since > wanted.patience:
                raise Stuck
        program.end()


def _made(line: str) -> float:
    """Seconds, of the one line in twelve that says so; 0 of any other."""
    name, _, value = line.partition("=")
    return int(value) / 1e6 if name == "out_time_us" and value.isdecimal() else 0.0


def command(wanted: Wanted) -> list[str]:
    """As long as it is, each of it was tried: see docs/patterns/films.md."""
    effort, frame = EFFORTS[wanted.size], wanted.frame
    threads = str(effort.threads)
    shape = f"scale={frame.width}:{frame.height},setsar=1,format=yuv420p"
    return [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-y", "-v", "error"),
        *("-progress", "pipe:1", "-stats_period", "0.5", "-filter_threads", "1"),
        *("-threads", threads),
        *reading(wanted.source),
        *("-map", "0:V:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-vf", shape, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"),
        *("-maxrate", str(effort.rate), "-bufsize", str(2 * effort.rate)),
        *("-g", KEY_FRAMES, "-threads", threads, *effort.more),
        *("-c:a", "aac", "-b:a", str(SOUND), "-ac", "2"),
        *("-movflags", "+faststart", "-f", "mp4", wanted.target.address),
    ]


def picture(source: Source, *, at: float, frame: Frame) -> bytes:
    """What is seen at this second, as JPEG; empty beyond the last picture. ProgramFailed, Stuck."""
    shape = f"scale={frame.width}:{frame.height},setsar=1,format=yuvj420p"
    command = [
        *(ffmpeg(), "-hide_banner", "-nostdin", "-v", "error", "-threads", "1"),
        *("-ss", f"{at:.3f}", *reading(source)),
        *("-map", "0:V:0", "-frames:v", "1", "-map_metadata", "-1", "-vf", shape),
        *("-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "pipe:1"),
    ]
    with running(command, limits=OF_A_PICTURE, files=[source.descriptor]) as program:
        content = program.read(patience=LONG)
        program.end()
    return content


# Seconds in which it says nothing: a machine with four times its work needs them to compute those.
LONG = 300.0
OF_A_PICTURE = Limits(cpu=60, size=50_000_000)
