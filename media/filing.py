"""Where files go: a place named by what they are, so that writing one again changes nothing."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import structlog

from deferral.crashpoints import crashpoint
from deferral.external_services import NOBODY
from media import places
from media.disk_errors import disk_errors
from media.places import asked_for_files
from media.reading import digest
from media.syncing import Syncing
from media.verbs import Keeper

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """A file in storage: its name, in which place, and what a row should remember of it."""

    name: str
    sha256: str
    size: int
    place: str


def file_away(content: bytes, *, key: str, folder: str, suffix: str) -> Filed:
    """Keep `content` in `folder` under a name made of the job's key and its own hash.

    Safe to repeat and to run twice at once: the same content is the same name. What is there and
    does not fit (its size tells, or the hash that was kept with it) is replaced. Retry while the
    storage cannot take it.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    name = name_of(sha256, key=key, folder=folder, suffix=suffix)
    return _file(io.BytesIO(content), name=name, size=len(content), sha256=sha256)


def file_path_away(path: Path, *, key: str, folder: str, suffix: str) -> Filed:
    """The same for a file of any size on this machine, which nobody writes any more: it may be what
    stands in the storage from then on. Memory: a few MB.
    """
    with disk_errors(), path.open("rb") as content, Syncing() as syncing:
        if asked_for_files() == NOBODY:
            syncing.begin(content)  # it stays on a disk: on its way there while it is summed
        return file_stream_away(content, key=key, folder=folder, suffix=suffix)


def file_stream_away(content: IO[bytes], *, key: str, folder: str, suffix: str) -> Filed:
    """The same for what is open at its beginning, and can be read twice."""
    size, sha256 = digest(content)
    content.seek(0)
    name = name_of(sha256, key=key, folder=folder, suffix=suffix)
    return _file(content, name=name, size=size, sha256=sha256)


def name_of(sha256: str, *, key: str, folder: str, suffix: str) -> str:
    """What a file of this content is called, wherever it stands."""
    return f"{folder}/{sha256[:2]}/{key.replace(':', '-')}-{sha256[:16]}{suffix}"


def _file(content: IO[bytes], *, name: str, size: int, sha256: str) -> Filed:
    where = places.current()
    keep(places.place(where), content, name=name, size=size, sha256=sha256)
    crashpoint("file_stored")
    return Filed(name=name, sha256=sha256, size=size, place=where)


def keep(keeper: Keeper, content: IO[bytes], *, name: str, size: int, sha256: str) -> None:
    """Have it there, as it must be, and young."""
    if keeper.put(name, content, size=size, sha256=sha256, anew=False):
        return
    found = keeper.look(name)
    fits = found is not None and found.fits(size=size, sha256=sha256)
    if found and fits and found.is_young:
        return
    if found and not fits:
        log.warning("file_replaced", name=name, found=found.size, size=size)
    content.seek(0)
    keeper.put(name, content, size=size, sha256=sha256, anew=True)
