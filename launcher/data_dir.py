"""The data directory: ours, private, and held by one supervisor at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.errors import Refused
from launcher.release import refuse_older, sign
from launcher.servers.process import wait_for

MARK = ".halyard"  # only a directory with this file in it is ever changed or deleted
LOOKING = 0.5  # seconds; `status` and `stop` hold the lock for a moment when they look


def claim(data_dir: Path) -> None:
    """Make the directory private and ours, or refuse: it may be somebody's home.

    Refused is data of a release that this one cannot read. What is refused is left as it was.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if data_dir.stat().st_uid != os.geteuid():
        msg = f"{data_dir} belongs to another user: start as that user, or move DATA_DIR."
        raise Refused(msg)
    if not is_ours(data_dir) and any(data_dir.iterdir()):
        msg = f"{data_dir} holds something else already: set DATA_DIR to a new folder."
        raise Refused(msg)
    refuse_older(data_dir, empty=frozenset({MARK}))
    data_dir.chmod(0o700)
    (data_dir / MARK).touch()
    _sign(data_dir)


def is_ours(data_dir: Path) -> bool:
    """Whether `claim` made it."""
    return (data_dir / MARK).is_file()


@contextmanager
def held(data_dir: Path) -> Iterator[None]:
    """Hold the directory; raises Refused while another supervisor does.

    The kernel lets go when the process ends, however it ends, so the lock is never stale.
    """
    descriptor = os.open(data_dir / MARK, os.O_RDWR)
    try:
        if not wait_for(lambda: _take(descriptor), patience=LOOKING):
            msg = f"Halyard is already running (pid {holder(data_dir)}) in {data_dir}."
            raise Refused(msg)
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def holder(data_dir: Path) -> int | None:
    """The pid of the supervisor that holds the directory now, if one does."""
    if not is_ours(data_dir):
        return None
    descriptor = os.open(data_dir / MARK, os.O_RDWR)
    try:
        return None if _take(descriptor) else int(os.read(descriptor, 20) or 0)
    finally:
        os.close(descriptor)


def _sign(data_dir: Path) -> None:
    """One start at a time. Whoever holds the directory has signed it, and `held` refuses us."""
    descriptor = os.open(data_dir / MARK, os.O_RDWR)
    try:
        if wait_for(lambda: _take(descriptor), patience=LOOKING):
            sign(data_dir)
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
