"""Files that are still being written, in folders on the volume of the data.

Not in the system's temporary folder: in a container that is memory. Whose process was killed has
left its folder there; the next one that is made, or the nightly sweep, removes it.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

LOCK = ".lock"


@contextmanager
def unfinished(kind: str) -> Iterator[Path]:
    """A folder of one's own, gone after the block. What killed processes left is gone before it.

    OSError. A lock says that its maker lives; the system drops it when he dies, however.
    """
    root = _root()
    with _locked(root):
        _remove_left(root)
        folder = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=root))
        lives = _lock(folder)
    with lives:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_unfinished() -> int:
    """Remove what killed processes have left; return how many folders. OSError."""
    root = _root()
    with _locked(root):
        return _remove_left(root)


def is_of_ours(path: object) -> bool:
    """Whether the file was written in such a folder: its maker is done, and nobody else has it."""
    return isinstance(path, str) and Path(settings.DATA_DIR) / "unfinished" in Path(path).parents


def _root() -> Path:
    root = Path(settings.DATA_DIR) / "unfinished"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody makes or removes a folder meanwhile."""
    with (folder / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock(folder: Path) -> IO[bytes]:
    """Held until it is closed. BlockingIOError while somebody else has it."""
    lock = (folder / LOCK).open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        lock.close()
        raise
    return lock


def _remove_left(root: Path) -> int:
    return sum(_is_removed(folder) for folder in root.iterdir() if folder.is_dir())


def _is_removed(folder: Path) -> bool:
    """What cannot be removed now is tried again the next time."""
    try:
        with _lock(folder):
            shutil.rmtree(folder)
    except OSError:
        return False
    return True
