"""Another program, for as long as a block lasts: in a group of its own, with limits.

Whatever ends the block ends the group: an exception, a time limit, a worker that leaves. SIGKILL of
our process does, too (`programs.launched`), as long as the thread that runs the block is the one
that began it.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, cast

from media.films.errors import ProgramFailed, Stuck
from media.films.reading import temporary
from media.verbs import CHUNK

LAUNCHED = str(Path(__file__).with_name("programs") / "launched.py")
# How far it steps back for everybody else (nice).
NICE = 10
# What it ends with where the other program was never begun (`programs.launched`).
NOT_BEGUN = 120
# Bytes of its complaints that are read: all of what matters, and no gigabyte.
WORDS = 1_000_000
# Bytes. 2160p of ten bits in 4:4:4 takes 1,100 MB, of what telephones film 500.
MEMORY = 2_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """`cpu`: seconds that it may compute. `size`: bytes of the largest file that it may write, that
    of its complaints among them. `memory`: bytes that it may ask for.
    """

    cpu: float
    size: int
    memory: int = MEMORY


class Program:
    """One that runs."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], words: IO[bytes]) -> None:
        self.name, self.process, self._words = name, process, words
        self._said = cast("IO[bytes]", process.stdout)

    def read(self, *, patience: float) -> bytes:
        """All that it writes to its standard output. Stuck when that is nothing for so long."""
        return b"".join(iter(partial(self._next, patience), b""))

    def lines(self, *, patience: float) -> Iterator[str]:
        """What it writes there, as it does. Stuck when it writes nothing for so many seconds."""
        rest = b""
        while chunk := self._next(patience):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace").strip()

    def _next(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._said], [], [], patience)
        if not ready:
            raise Stuck
        return os.read(self._said.fileno(), CHUNK)

    def end(self) -> str:
        """Wait until it has; return what it said on its standard error. ProgramFailed."""
        code = self.process.wait()
        self._words.seek(0)
        words = self._words.read(WORDS).decode(errors="replace")
        if code:
            raise ProgramFailed(self.name, code, words)
        return words


@contextmanager
def running(
    command: Sequence[str],
    *,
    limits: Limits,
    files: Sequence[int] = (),
    given: IO[bytes] | None = None,
) -> Iterator[Program]:
    """Run it. `files`: descriptors that it has under the same numbers. `given`: its standard input.

    Its environment is empty: no proxy, no path, no variable of ours is its concern.
    """
    name = Path(command[0]).name.partition("-")[0]  # without its version: people are told it
    bounds = [os.getpid(), int(limits.cpu), limits.size, limits.memory, NICE]
    launched = [sys.executable, "-I", "-S", LAUNCHED, *map(str, bounds), *command]
    with temporary() as words:
        process = subprocess.Popen(  # noqa: S603 - the commands are written in this folder
            launched,
            stdin=given or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            pass_fds=files,
            env={},
            start_new_session=True,
        )
        try:
            yield Program(name, process, words)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """At once. As long as nobody has waited for it, its number is nobody else's."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout:
        process.stdout.close()
