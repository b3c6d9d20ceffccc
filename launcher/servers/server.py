"""What the supervisor and the tests ask of a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals
from typing import Protocol

from launcher.servers.errors import ServerFailed
from launcher.servers.process import Process, last_lines, spawn, stop, wait_for


class Server(Protocol):
    """A server whose data directory belongs to the caller alone while it runs."""

    @property
    def name(self) -> str: ...
    @property
    def run_dir(self) -> Path: ...
    @property
    def stop_signal(self) -> Signals: ...

    def prepare(self) -> None:
        """Make the data directory fit for a start. Safe to repeat; raises ServerFailed."""

    def command(self) -> list[str]: ...

    def ready(self) -> bool:
        """Whether somebody answers; the caller checks first that its own process lives."""


@contextmanager
def running(
    server: Server, *, log: Path | None = None, patience: float = 30.0
) -> Iterator[Process]:
    """Run `server` for the length of the block; yields its main process.

    It ends with the block, or with the calling thread, however that ends. Call it from the
    main thread.
    """
    log = log or server.run_dir / f"{server.name}.log"
    server.prepare()
    process = spawn(server.command(), log=log, death_signal=server.stop_signal)
    try:
        _wait_until_ready(server, process, log=log, patience=patience)
        yield process
    finally:
        stop(process, with_signal=server.stop_signal, grace=15)


def _wait_until_ready(server: Server, process: Process, *, log: Path, patience: float) -> None:
    wait_for(lambda: process.poll() is not None or server.ready(), patience=patience)
    if process.poll() is not None or not server.ready():
        msg = f"{server.name} did not start:\n{last_lines(log)}"
        raise ServerFailed(msg)
