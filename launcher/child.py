"""A program's process, and what became of it."""

import signal
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from launcher.keeper import Keeper
from launcher.program import Program
from launcher.servers.process import Process, kill_group, last_lines, spawn


class State(StrEnum):
    """waiting -> starting -> ready (or done, for a command) -> ended; ended -> starting again."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    ENDED = "ended"


LONGEST_PAUSE = 60.0


class Child:
    """Changes its state only when told to: the supervisor decides.

    `restarts` counts since the beginning, `in_a_row` since it was last well for a while; `why` and
    `ended_at` (Unix time) are of its last end.
    """

    def __init__(self, program: Program, log: Path, keeper: Keeper) -> None:
        self.program, self.log, self._keeper = program, log, keeper
        self.state = State.WAITING
        self.since = time.time()
        self.restarts = self.in_a_row = 0
        self.was_ready = False
        self.why, self.ended_at = "", 0.0
        self.process: Process | None = None
        self._log_from = 0
        self._buried = True

    def start(self, env: Mapping[str, str], cwd: Path) -> None:
        """Start it. Raises ServerFailed or OSError when that is impossible."""
        program = self.program
        program.prepare()
        armed = program.probe.arm() if program.probe else {}
        self._log_from = self.log.stat().st_size if self.log.exists() else 0
        self.process = spawn(
            program.command,
            log=self.log,
            death_signal=program.death_signal,
            env={**env, **program.env, **armed},
            cwd=cwd,
        )
        self._buried = False
        if program.death_signal is signal.SIGKILL:
            self._keeper.watch(self.process.pid)
        self.turn(State.STARTING)

    def turn(self, state: State) -> None:
        """Note the new state and when it began."""
        self.state, self.since = state, time.time()
        self.was_ready |= state is State.READY

    def fail(self, why: str) -> None:
        """It ended, or could not begin. It is to start again, each time in a row later."""
        self.why, self.ended_at = why, time.time()
        self.restarts += 1
        self.in_a_row += 1
        self.turn(State.ENDED)

    @property
    def pause(self) -> float:
        """Seconds between its end and its next start: none, 1, 2, 4 ... a minute."""
        return min(2.0 ** (self.in_a_row - 2), LONGEST_PAUSE) if self.in_a_row > 1 else 0.0

    @property
    def age(self) -> float:
        """Seconds in this state."""
        return time.time() - self.since

    @property
    def pid(self) -> int | None:
        """Its main process, while that lives."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def ready(self) -> bool:
        """Whether its probe says so; one without a probe has to end well instead."""
        return bool(self.program.probe and self.program.probe.ready())

    def silence(self) -> float:
        """Seconds for which it has given no sign of life; 0 of one that is not asked for any."""
        return self.program.probe.silence() if self.program.probe else 0.0

    def ask_to_stop(self) -> None:
        """Signal the main process alone: Celery and gunicorn look after their children."""
        if self.process and self.pid:
            self.process.send_signal(self.program.stop_signal)

    def bury(self) -> None:
        """End what is left of it and of its group, and wait for that.

        Once only: later the number may be another group's.
        """
        if self.process and not self._buried:
            self._buried = True
            kill_group(self.process)
            self.process.wait()
            self._keeper.forget(self.process.pid)

    def how_it_ended(self) -> str:
        """`exit code 1` or `signal SIGKILL`."""
        code = self.process.returncode if self.process else None
        if code is None or code >= 0:
            return f"exit code {code}"
        return f"signal {signal.Signals(-code).name}"

    def last_words(self) -> str:
        """What it wrote last, since its last start, and where the rest is."""
        lines = last_lines(self.log, since=self._log_from)
        return f"The end of {self.log}:\n{lines or '(nothing)'}"
