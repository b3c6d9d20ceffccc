"""Becomes another program, with limits, that ends when the process which started it does.

    python -I -S launched.py PARENT CPU_SECONDS FILE_BYTES MEMORY_BYTES NICE PROGRAM ARGUMENT…

A program that is killed with SIGKILL cannot end what it has started: the kernel does it, when the
thread that started this one ends. It asks for that itself, in its own process, for code between
fork and exec may hang where threads are; and `setpriv`, which can ask, neither looks whether the
parent has died meanwhile nor is it everywhere.
"""

import ctypes
import os
import resource
import signal
import sys

# <sys/prctl.h>
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
# Of the processes of one machine that has no memory left, one such as this goes first.
FIRST_TO_GO = "500"
# Exit code of this program, which no other shall be taken at its word for: ffmpeg has none like it.
NOT_BEGUN = 120


def main(arguments: list[str]) -> None:
    """Never returns. Limits that are lower already stay. NOT_BEGUN where it cannot begin."""
    try:
        _become(arguments)
    except (OSError, ValueError, MemoryError) as error:
        sys.stderr.write(f"not begun: {error}\n")
    sys.exit(NOT_BEGUN)


def _become(arguments: list[str]) -> None:
    parent, cpu, size, memory, nice = map(int, arguments[:5])
    command = arguments[5:]
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before: the signal will not come
        return
    for kind, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(kind, most)
    os.nice(nice)
    _go_first()
    os.execv(command[0], command)  # noqa: S606 - that is what this is for


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))


def _go_first() -> None:
    try:
        with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - pathlib takes 20 ms
            file.write(FIRST_TO_GO)
    except OSError:
        return  # a wish


if __name__ == "__main__":
    main(sys.argv[1:])
