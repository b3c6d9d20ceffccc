"""Who still works in a data directory. Asked instead of believing a pid file.

After a crash a pid file may name a process that has since become somebody else's; the kernel
knows which processes have a directory as their working directory, as both servers do.
"""

import os
from contextlib import suppress
from pathlib import Path

from launcher.servers.errors import ServerFailed
from launcher.servers.process import wait_for


def wait_until_unused(directory: Path, *, patience: float = 10.0) -> None:
    """Return when no process works in `directory`; after a kill -9 the last ones take a moment."""
    if wait_for(lambda: not _working_in(directory), patience=patience):
        return
    pids = ", ".join(map(str, _working_in(directory)))
    msg = f"Another process (pid {pids}) still uses {directory}: end it first."
    raise ServerFailed(msg)


def _working_in(directory: Path) -> list[int]:
    if not directory.exists():
        return []
    wanted = directory.stat()
    return [pid for pid in _all_pids() if _same(pid, wanted)]


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _same(pid: int, wanted: os.stat_result) -> bool:
    with suppress(OSError):  # ended meanwhile, or another user's, who cannot be in a 0700 folder
        return os.path.samestat(Path(f"/proc/{pid}/cwd").stat(), wanted)
    return False
