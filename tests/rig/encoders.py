"""The ffmpegs that run: those that a worker has started, and those that work on one's files."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from media.films.finding import ffmpeg
from tests.bench.processes import family


def encoders(worker: int) -> list[int]:
    """Those that belong to this process, or to what it has started."""
    return [pid for pid in family(worker) if is_ffmpeg(pid)]


def working_on(home: Path) -> list[int]:
    """Those that have a file open in this folder, whoever has started them, and whoever has died
    since. A file without a name counts, too.
    """
    return [pid for pid in _all() if is_ffmpeg(pid) and _has_a_file(pid, str(home.resolve()))]


def is_ffmpeg(pid: int) -> bool:
    """Of what has ended nothing is one."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/exe").samefile(ffmpeg())
    return False


def _all() -> Iterator[int]:
    yield from (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _has_a_file(pid: int, home: str) -> bool:
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if os.readlink(entry).startswith(f"{home}/"):  # noqa: PTH115  it may have no name
                    return True
    return False
