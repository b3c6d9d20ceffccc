"""`logs`: every process's log as it grows, each line with the name in front."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from launcher.console import say
from launcher.data_dir import holder
from launcher.options import Options
from launcher.servers.process import last_lines

COLOURS = (36, 33, 32, 35, 34, 31)
LARGE = 5_000_000  # bytes
BACKLOG = 10  # lines of each file to begin with


def set_aside_large(logs: Path) -> None:
    """Begin a new file where one has grown large; its predecessor is kept once, as `.log.1`."""
    for path in logs.glob("*.log"):
        if path.stat().st_size > LARGE:
            path.replace(path.with_suffix(".log.1"))


class Follower:
    """Remembers how far each file has been read."""

    def __init__(self, logs: Path, only: frozenset[str] = frozenset()) -> None:
        self._logs, self._only = logs, only
        self._read: dict[Path, int] = {}

    def run_once(self) -> list[str]:
        """The lines since the last look, whole ones only; a file that shrank starts over."""
        return [line for path in self._files() for line in self._new_lines(path)]

    def _files(self) -> list[Path]:
        found = sorted(self._logs.glob("*.log"))
        return [path for path in found if not self._only or path.stem in self._only]

    def _new_lines(self, path: Path) -> list[str]:
        size = path.stat().st_size
        if path not in self._read:
            self._read[path] = size
            return [_named(path, line) for line in last_lines(path, count=BACKLOG).splitlines()]
        start = self._read[path] if self._read[path] <= size else 0
        with path.open("rb") as file:
            file.seek(start)
            whole, newline, _ = file.read().rpartition(b"\n")
        self._read[path] = start + len(whole) + len(newline)
        return [_named(path, line) for line in whole.decode(errors="replace").splitlines()]


def logs(options: Options, names: list[str]) -> int:
    """Follow until Ctrl-C; `names` restricts it to some processes."""
    if not options.logs.is_dir():
        say(f"There are no logs in {options.logs} yet: make up writes them.")
        return 0
    known = {path.stem for path in options.logs.glob("*.log")}
    if unknown := set(names) - known:
        wrong, right = ", ".join(sorted(unknown)), ", ".join(sorted(known))
        say(f"There is no log of {wrong}: there are {right}.")
        return 1
    if holder(options.data_dir) is None:
        say("Halyard is not running: these are its last lines. Ctrl-C leaves.")
    follower = Follower(options.logs, frozenset(names))
    with suppress(KeyboardInterrupt):
        while True:
            for line in follower.run_once():
                say(line)
            time.sleep(0.3)
    return 0


def _named(path: Path, line: str) -> str:
    name = f"{path.stem:<10} |"
    if sys.stdout.isatty():
        colour = COLOURS[sum(path.stem.encode()) % len(COLOURS)]
        name = f"\x1b[{colour}m{name}\x1b[0m"
    return f"{name} {line}"
