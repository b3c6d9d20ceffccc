"""People who upload a picture or a film while everything breaks, each under an address."""

import contextlib
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import Error, connection

from deferral.errors import Outcome
from media.services import receive
from tests.media.drawn import photo
from tests.media.films.filming import film

Size = tuple[int, int]
DOMAIN = "storm.example.org"
RATE = 24
AGAIN = 0.5  # seconds until somebody tries again


@dataclass(frozen=True, kw_only=True, eq=False)
class Sent:
    """A kind of upload, and what is to come of it: by kind and measure, its width and height.

    Written here by hand, and not asked of the code that makes it.
    """

    name: str
    seconds: int
    made: Mapping[tuple[str, int], Size]
    shown: Size = (0, 0)


PICTURE = Sent(
    name="pier.jpg",
    seconds=0,
    made={
        ("picture", 1600): (1200, 600),
        ("picture", 960): (960, 480),
        ("picture", 640): (640, 320),
        ("picture", 480): (480, 240),
        ("picture", 320): (320, 160),
    },
)
LYING = Sent(
    name="harbour.mp4",
    seconds=8,
    shown=(1280, 720),
    made={
        ("rendition", 480): (854, 480),
        ("rendition", 720): (1280, 720),
        ("poster", 720): (1280, 720),
        **{("still", second): (640, 360) for second in (0, 4, 7)},
    },
)
UPRIGHT = Sent(
    name="tower.mp4",
    seconds=6,
    shown=(720, 1280),
    made={
        ("rendition", 480): (480, 854),
        ("rendition", 720): (720, 1280),
        ("poster", 720): (720, 1280),
        **{("still", second): (360, 640) for second in (0, 3, 5)},
    },
)
SMALL = Sent(
    name="gull.mp4",
    seconds=25,
    shown=(640, 360),
    made={
        ("rendition", 480): (640, 360),
        ("poster", 720): (640, 360),
        **{("still", second): (640, 360) for second in (0, 10, 20)},
    },
)
# Three films on two pictures: a kill mostly meets a film.
IN_TURN = (LYING, PICTURE, UPRIGHT, SMALL, PICTURE)
FORMATS = {"picture": ("jpeg", "webp", "avif"), "rendition": ("mp4",)}


@dataclass(frozen=True)
class Upload:
    """One that was taken."""

    tag: str
    by: str
    sent: Sent


class Uploaders(threading.Thread):
    """So many uploads, one after the other over nine tenths of the storm."""

    def __init__(self, count: int, *, lasts: float, folder: Path) -> None:
        super().__init__(name="uploaders", daemon=True)
        self.count, self.every = count, 0.9 * lasts / count
        self.files = {kind: file_of(kind, folder) for kind in IN_TURN[:count]}
        self.taken: list[Upload] = []
        self.again = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        """Until all is sent; `are_well` says what else has ended it."""
        try:
            self._send_all()
        except BaseException as error:  # noqa: BLE001  told by whoever asks
            self.error = error

    def are_well(self) -> None:
        """RuntimeError where something has ended it that no storm explains."""
        if self.error:
            msg = "the uploaders have ended"
            raise RuntimeError(msg) from self.error

    def _send_all(self) -> None:
        began = time.monotonic()
        with contextlib.closing(connection):
            for number in range(self.count):
                time.sleep(max(0.0, began + number * self.every - time.monotonic()))
                self._send(f"uploader{number}@{DOMAIN}", IN_TURN[number % len(IN_TURN)])

    def _send(self, by: str, kind: Sent) -> None:
        """Whoever gets an error sends it again."""
        while True:
            try:
                with self.files[kind].open("rb") as file:
                    asset = receive(file, name=kind.name, uploaded_by=by)
            except (Outcome, Error):
                self.again += 1
                connection.close()
                time.sleep(AGAIN)
            else:
                self.taken.append(Upload(asset.tag, by, kind))
                return


def file_of(kind: Sent, folder: Path) -> Path:
    """Made once."""
    if not kind.seconds:
        path = folder / kind.name
        path.write_bytes(photo(1200, 600).read())
        return path
    size = "x".join(map(str, kind.shown))
    return film(folder, name=kind.name, seconds=kind.seconds, size=size, rate=RATE)


def wanted(uploads: Sequence[Upload]) -> int:
    """How many files are to be made of all of these."""
    return sum(len(FORMATS.get(kind, ("jpeg",))) for one in uploads for kind, _ in one.sent.made)
