"""One process under test: how to start it again, and how it says that it is ready."""

import contextlib
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.servers.process import Process, kill_group, spawn
from tests.rig.surroundings import ROOT
from tests.rig.waiting import PATIENCE


class Started:
    """Runs from the beginning. `bell` is where it says that it is ready (sd_notify)."""

    process: Process

    def __init__(
        self, name: str, command: Sequence[str], *, env: Mapping[str, str], log: Path, bell: Path
    ) -> None:
        self.name, self.command, self.log, self.bell = name, command, log, bell
        self.env = {**env, "NOTIFY_SOCKET": str(bell)}
        self._channel: socket.socket | None = None
        self.start()

    @property
    def is_dead(self) -> bool:
        """And waited for."""
        return self.process.poll() is not None

    def start(self) -> None:
        """As it was. Call it again only when it has died."""
        self._listen()
        self.process = spawn(self.command, log=self.log, env=self.env, cwd=ROOT)

    def end(self) -> None:
        """At once, and whatever belongs to it."""
        self._hang_up()
        kill_group(self.process)
        self.process.wait()

    def is_ready(self) -> bool:
        """Whether it said READY=1, some time, before it died, and in time."""
        until = time.monotonic() + PATIENCE
        while self._channel and not self.is_dead and time.monotonic() < until:
            with contextlib.suppress(TimeoutError):
                if self._channel.recv(64).startswith(b"READY=1"):
                    self._hang_up()
        return self._channel is None

    def _listen(self) -> None:
        self._hang_up()
        self.bell.unlink(missing_ok=True)  # of one that died
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._channel.bind(str(self.bell))
        self._channel.settimeout(0.1)

    def _hang_up(self) -> None:
        if self._channel:
            self._channel.close()
        self._channel = None
