"""Child processes that cannot outlive the process that started them (Linux)."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
Process = subprocess.Popen[bytes]
_LIBC = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    death_signal: signal.Signals = signal.SIGKILL,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Process:
    """Start `command` in a session of its own, its output appended to `log`.

    The kernel sends it `death_signal` when the calling *thread* ends, so call this from a thread
    that lives as long as the child shall. A session of its own keeps the terminal's Ctrl-C
    away from it: the order of stopping is the caller's.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603  the commands are written in this repository
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_dying_with(os.getpid(), death_signal),
        )


def _dying_with(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def arrange() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died between fork and prctl: the signal will not come
            os.kill(os.getpid(), signal.SIGKILL)

    return arrange


def kill_group(process: Process) -> None:
    """End whatever is left of the process's group, the process itself included, at once."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def stop(process: Process, *, with_signal: signal.Signals, grace: float) -> None:
    """Ask the main process alone to end; after `grace` seconds end its whole group."""
    if process.poll() is None:
        process.send_signal(with_signal)
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    kill_group(process)
    process.wait()


def last_lines(log: Path, *, since: int = 0, count: int = 20) -> str:
    """The end of a log, counted from byte `since` (0: from the beginning)."""
    with suppress(FileNotFoundError), log.open("rb") as text:
        text.seek(since)
        lines = text.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-count:])
    return ""


def wait_for(happened: Callable[[], bool], *, patience: float) -> bool:
    """Look every 50 ms until it happened (True) or `patience` seconds are over (False)."""
    until = time.monotonic() + patience
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
