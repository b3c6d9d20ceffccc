"""A real cache for a test: a Valkey of its own, which it stops, freezes, fills and writes to."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP

from redis import Redis

from launcher.servers.process import Process, spawn, stop, wait_for
from launcher.servers.sockets import socket_dir
from launcher.servers.valkey import Cache


class RunningCache:
    """One server, as `make up` has it."""

    def __init__(self, home: Path) -> None:
        self.server = Cache(home / "cache", socket_dir(home))
        self.url = self.server.url()
        self.process: Process | None = None
        self.start()

    def start(self) -> None:
        """Empty: it keeps nothing over its end."""
        self.server.prepare()
        log = self.server.run_dir / "cache.log"
        self.process = spawn(self.server.command(), log=log)
        assert wait_for(self.server.ready, patience=30)

    def end(self) -> None:
        """As an administrator would."""
        if self.process:
            stop(self.process, with_signal=self.server.stop_signal, grace=5)
        self.process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections, and answers nobody."""
        assert self.process
        os.kill(self.process.pid, SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, SIGCONT)

    @property
    def client(self) -> Redis:
        """For whoever works behind our back."""
        return Redis.from_url(self.url)

    def keys(self, beginning: str) -> list[bytes]:
        """What is kept under names that begin so."""
        with self.client as line:
            return sorted(line.keys(f"{beginning}*"))


@contextmanager
def running_cache() -> Iterator[RunningCache]:
    """In a folder of its own, known to nobody yet."""
    with tempfile.TemporaryDirectory(prefix="halyard-cache-") as home:
        found = RunningCache(Path(home))
        try:
            yield found
        finally:
            found.end()
