"""Starts the programs of a table in order, keeps them running, stops them in order."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from launcher.bell import Bell
from launcher.child import Child, State
from launcher.errors import StackFailed
from launcher.keeper import Keeper
from launcher.program import Program
from launcher.servers.errors import ServerFailed
from launcher.stopping import stop_all

HEALTHY = 30.0  # after half a good minute a death is a new misfortune, not the old one again
TOLD_EVERY = 5.0  # seconds; `make status` shows how long ago each gave a sign of life
SETTLED = {State.READY, State.DONE}


class Supervisor:
    """One thread that looks at every child, again and again.

    It must be the main thread: children die with the thread that started them.
    `watcher` is called after every change and every few seconds, `celebrate` once when everything
    is ready.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        logs: Path,
        cwd: Path,
        env: Mapping[str, str],
        say: Callable[[str], None],
        watcher: Callable[["Supervisor"], None] = lambda _: None,
        celebrate: Callable[[], None] = lambda: None,
    ) -> None:
        self._keeper = Keeper()
        self.children = {
            each.name: Child(each, logs / f"{each.name}.log", self._keeper) for each in programs
        }
        self.phase = "starting"
        self._told_at = 0.0
        self._cwd, self._env, self._say = cwd, env, say
        self._watcher, self._celebrate = watcher, celebrate

    def run(self) -> int:
        """Run until asked to stop (0) or until something cannot go on (1)."""
        broken = False
        with Bell() as bell:
            try:
                while not bell.requests:
                    self.run_once()
                    bell.nap(0.05 if self._unsettled() else 1.0)
                self._say("\nStopping; a running task may take 30 s. Ctrl-C again ends it at once.")
            except (StackFailed, ServerFailed, OSError) as failure:
                broken = True
                self._say(f"\nHalyard stops: {failure}\n")
                if self.phase == "ready":
                    self._say("No order is lost by it: make up goes on where this stopped.\n")
            finally:
                self._turn("stopping")
                stop_all(list(self.children.values()), bell=bell, say=self._say)
                self._keeper.close()
        return int(broken)

    def run_once(self) -> None:
        """Look at every child once. Raises StackFailed when the stack cannot go on."""
        before = [(child.state, child.pid) for child in self.children.values()]
        for child in self.children.values():
            self._look_at(child)
        after = [(child.state, child.pid) for child in self.children.values()]
        if before != after or time.monotonic() - self._told_at > TOLD_EVERY:
            self._tell()
        if self.phase == "starting" and not self._unsettled():
            self._turn("ready")
            self._celebrate()

    def _look_at(self, child: Child) -> None:
        if child.state is State.WAITING and self._may_start(child):
            self._start(child)
        elif child.state is State.STARTING:
            self._look_at_starting(child)
        elif child.state is State.READY and child.pid is None:
            self._mourn(child)
        elif child.state is State.READY and child.silence() > child.program.silent_for:
            child.bury()
            silence = f"{child.program.silent_for:.0f} s"
            self._mourn(child, f"gave no sign of life for {silence} and was ended")
        elif child.state is State.ENDED and child.age >= child.pause:
            self._start(child)

    def _start(self, child: Child) -> None:
        try:
            child.start(self._env, self._cwd)
        except (ServerFailed, OSError) as failure:
            self._mourn(child, f"cannot start: {failure}")

    def _look_at_starting(self, child: Child) -> None:
        if child.pid is None:
            self._mourn(child)
        elif child.ready():
            self._say(f"  {child.program.name:<10} ready   {child.age:5.1f} s")
            child.turn(State.READY)
        elif child.age > child.program.patience:
            child.bury()
            self._mourn(child, f"not ready after {child.program.patience:.0f} s")

    def _mourn(self, child: Child, cause: str = "") -> None:
        """Decide what the end of a process means."""
        name, cause = child.program.name, cause or f"ended ({child.how_it_ended()})"
        if child.program.probe is None and child.process and child.process.returncode == 0:
            self._say(f"  {name:<10} done    {child.age:5.1f} s")
            child.bury()
            child.turn(State.DONE)
            return
        if child.state is State.READY and child.age > HEALTHY:
            child.in_a_row = 0
        child.bury()
        if self._is_final(child):
            msg = f"{name} {cause}. {child.last_words()}"
            raise StackFailed(msg)
        child.fail(cause)
        when = f"in {child.pause:.0f} s" if child.pause else "at once"
        self._say(f"{_clock()} {name} {cause}: restarting {when} (see {child.log})")

    def _is_final(self, child: Child) -> bool:
        """The database's end, a command's failure, and what never worked since we began."""
        never_worked = self.phase == "starting" and not child.was_ready
        return child.program.is_vital or child.program.probe is None or never_worked

    def _may_start(self, child: Child) -> bool:
        return all(self.children[name].state in SETTLED for name in child.program.after)

    def _unsettled(self) -> bool:
        return any(child.state not in SETTLED for child in self.children.values())

    def _turn(self, phase: str) -> None:
        self.phase = phase
        self._tell()

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        self._watcher(self)


def _clock() -> str:
    return time.strftime("%H:%M:%S")
