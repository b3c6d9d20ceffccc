"""Reading a file from wherever it stands, and believing none that is not what was written."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import structlog

from deferral.errors import Outcome
from media import places
from media.errors import FileDamaged
from media.verbs import CHUNK, Keeper, Stored

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A file as its row knows it; `place` is where it was last known to stand."""

    name: str
    place: str
    size: int
    sha256: str

    def fits(self, stored: Stored) -> bool:
        """As far as it can be said without reading."""
        return stored.fits(size=self.size, sha256=self.sha256)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A file where it stands."""

    place: str
    keeper: Keeper
    stored: Stored


def find(wanted: Wanted) -> Found:
    """The first place that has it as it must be, as far as can be said without reading."""
    return next(_found(wanted))


def open_found(wanted: Wanted) -> IO[bytes]:
    """From its beginning, to be closed. Its bytes are not looked at."""
    for found in _found(wanted):
        try:
            return found.keeper.fetch(wanted.name, size=wanted.size)
        except FileNotFoundError:  # it has moved since
            continue
    raise FileNotFoundError(wanted.name)


def read(wanted: Wanted) -> bytes:
    """The whole file. A place that has it damaged is passed over for one that has it whole."""
    wrong, unsaid = "", None
    for where, keeper in places.in_order(wanted.place):
        try:
            with keeper.fetch(wanted.name, size=wanted.size) as stream:
                content = stream.read()
        except FileNotFoundError:
            continue
        except Outcome as error:
            unsaid = error
            continue
        if hashlib.sha256(content).hexdigest() == wanted.sha256:
            return content
        wrong = f"has {len(content)} bytes in {where}, not those that were written"
        log.error("file_damaged", name=wanted.name, place=where, size=len(content))
    raise unsaid or _absent(wanted, wrong)


def _found(wanted: Wanted) -> Iterator[Found]:
    """Wherever it is. A place that cannot say is an error only if nobody has it."""
    wrong, unsaid = "", None
    for where, keeper in places.in_order(wanted.place):
        try:
            stored = keeper.look(wanted.name)
        except Outcome as error:
            unsaid = error
            continue
        if stored and wanted.fits(stored):
            yield Found(place=where, keeper=keeper, stored=stored)
        elif stored:
            wrong = f"has {stored.size} of {wanted.size} bytes in {where}, or another sha256"
    raise unsaid or _absent(wanted, wrong)


def digest(stream: IO[bytes]) -> tuple[int, str]:
    """How many bytes are left, and their sha256. Memory: one chunk."""
    count, summed = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        count += len(chunk)
        summed.update(chunk)
    return count, summed.hexdigest()


def _absent(wanted: Wanted, wrong: str) -> Exception:
    return FileDamaged(wanted.name, wrong) if wrong else FileNotFoundError(wanted.name)
