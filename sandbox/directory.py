"""The sandbox's own directory: private, and for one sandbox at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.settings import Settings


class Locked(Exception):
    """Another sandbox uses this data directory."""


@contextmanager
def hold_directory(settings: Settings) -> Iterator[None]:
    """Make the directory, lock it, and leave the token in it for whoever may read there."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.home.chmod(0o700)
    with (settings.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"another sandbox uses {settings.home}; set DATA_DIR to another directory"
            raise Locked(message) from None
        _write_private(settings.home / "token", settings.token)
        yield


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
