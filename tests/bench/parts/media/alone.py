"""ffmpeg without us: the same arguments, a plain file, no look at what came of it."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from media.films.apart import NICE
from media.films.encoding import Wanted, command
from media.films.probing import probe
from media.films.reading import Source
from media.films.sizes import frame
from tests.bench.parts.media.clips import Clip


@dataclass(frozen=True, kw_only=True)
class Took:
    """Seconds from beginning to end, and seconds of CPU."""

    seconds: float
    cpu: float


def ffmpeg_alone(clip: Clip, size: int, folder: Path) -> Took:
    """One rendition, as nice as ours, read from one file and written into another."""
    with clip.path.open("rb") as film, (folder / f"{size}.mp4").open("w+b") as made:
        source, target = Source(film.fileno()), Source(made.fileno())
        facts = probe(source)
        shape = frame(facts.width, facts.height, size)
        wanted = Wanted(source=source, seconds=facts.seconds, size=size, frame=shape, target=target)
        return ran(command(wanted), (film.fileno(), made.fileno()))


def ran(arguments: list[str], files: tuple[int, ...]) -> Took:
    """A command that ends well; what it took is the kernel's own account of it alone."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603  ours
        ["/usr/bin/env", "nice", "-n", str(NICE), *arguments],
        stdout=subprocess.DEVNULL,
        pass_fds=files,
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return Took(seconds=seconds, cpu=used.ru_utime + used.ru_stime)
