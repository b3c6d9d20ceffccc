"""The file of a film, as a program gets it: open, and under no name that anybody else could use."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.conf import settings

from media.disk_errors import disk_errors
from media.films.facts import MOST_PIXELS

HERE = "the disk of DATA_DIR"


@dataclass(frozen=True, slots=True)
class Source:
    """A descriptor of this process, which a program that is given it opens anew, from its
    beginning; and what its first bytes say it is (`media.formats.FILMS`).
    """

    descriptor: int
    format: str = "mp4"

    @property
    def address(self) -> str:
        """As ffmpeg is told it: `file:` alone is allowed."""
        return f"file:/proc/self/fd/{self.descriptor}"


# Which of its readers ffmpeg is to use. Left to guess it takes a playlist for one, which names
# other files and addresses.
READERS = {"mp4": "mov", "mov": "mov", "matroska": "matroska", "webm": "matroska"}


def reading(source: Source) -> tuple[str, ...]:
    """How ffmpeg is to read it: as this format, and nothing that a film might name besides."""
    reader = READERS[source.format]
    bounds = ("-max_pixels", str(MOST_PIXELS), "-protocol_whitelist", "file,pipe")
    return (*bounds, "-f", reader, "-i", source.address)


@contextmanager
def on_this_machine(file: IO[bytes], format: str) -> Iterator[Source]:  # noqa: A002 - the word for it
    """A file of storage, which is closed afterwards. What has no descriptor is copied first."""
    with file:
        try:
            descriptor = file.fileno()
        except OSError:  # io.UnsupportedOperation is one
            with temporary() as copy:
                with disk_errors(HERE):
                    shutil.copyfileobj(file, copy)
                    copy.flush()
                yield Source(copy.fileno(), format)
        else:
            yield Source(descriptor, format)


@contextmanager
def temporary() -> Iterator[IO[bytes]]:
    """A file without a name: nothing of it is left, however this process ends. Not where temporary
    files mostly stand, which in a container is its memory.
    """
    with disk_errors(HERE):
        file = tempfile.TemporaryFile(dir=settings.DATA_DIR)  # noqa: SIM115 - closed below
    with file:
        yield file
