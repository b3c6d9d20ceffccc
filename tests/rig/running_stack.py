"""A stand-in stack in a process of its own, and questions about it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from launcher.data_dir import claim
from launcher.options import ROOT
from launcher.servers.process import wait_for

DRIVER = Path(__file__).with_name("stand_in_stack.py")
TELL = (
    "import os, signal, socket, sys, time\n"
    "def ready(): socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
    ".sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])\n"
)
STEADY = TELL + "ready()\nsignal.pause()"


def program(name: str, code: str = STEADY, **changes: Any) -> dict[str, Any]:
    """An entry of the table; without changes an application that is ready at once."""
    usual = {"layer": "APPS", "probe": "notify", "after": [], "grace": 5, "patience": 10}
    return {"name": name, "code": code, **usual, **changes}


@dataclass
class RunningStack:
    """Started by `start`; `output` holds what it has printed so far."""

    data_dir: Path
    ports: dict[str, int]
    programs: list[dict[str, Any]]
    servers: bool = False
    cluster: Path | None = None
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        return self._output_file.read_text()

    @property
    def _output_file(self) -> Path:
        return self.data_dir.with_name(f"{self.data_dir.name}.out")

    def start(self) -> "RunningStack":
        table = self.data_dir.with_name(f"{self.data_dir.name}.json")
        if self.servers and self.cluster and not self.data_dir.exists():
            claim(self.data_dir)
            copy_cluster(self.cluster, self.data_dir / "postgres")
        table.write_text(json.dumps({"servers": self.servers, "programs": self.programs}))
        ports = {name: str(port) for name, port in self.ports.items()}
        here = {"PYTHONPATH": str(ROOT), "DATA_DIR": str(self.data_dir)}
        with self._output_file.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603  our driver
                [sys.executable, str(DRIVER), str(table)],
                env={**clean_environment(), **here, **ports, **self.env},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self

    def started(self) -> "RunningStack":
        self.start()
        assert self.says("READY"), self.output
        return self

    def says(self, words: str, *, patience: float = 15) -> bool:
        return wait_for(lambda: words in self.output, patience=patience)

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def ends(self, *, patience: float = 15) -> int:
        assert self.process
        return self.process.wait(patience)

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.ends()

    def pid(self, name: str) -> int | None:
        return cast("int | None", self._told(name)["pid"])

    def state(self, name: str) -> str:
        return str(self._told(name)["state"])

    def _told(self, name: str) -> dict[str, Any]:
        state = json.loads((self.data_dir / "state.json").read_text())
        [found] = [each for each in state["programs"] if each["name"] == name]
        return cast("dict[str, Any]", found)

    def kill(self, name: str) -> int:
        pid = self.pid(name)
        assert pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def lives_again(self, name: str, *, after: int) -> bool:
        return wait_for(lambda: self.pid(name) not in {after, None}, patience=8)

    def family(self) -> list[int]:
        """Every living process that was started for this data directory."""
        marks = (os.fsencode(f"DATA_DIR={self.data_dir}"), os.fsencode(self.data_dir / "postgres"))
        return [pid for pid in _pids() if _mentions(pid, marks) and pid != os.getpid()]


def clean_environment() -> dict[str, str]:
    """Nothing of what the person or another test has set for a stack of theirs."""
    kept = ("PATH", "HOME", "TMPDIR", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ}


def copy_cluster(cluster: Path, place: Path) -> None:
    """A data directory made before: initdb takes longer than the rest of a test."""
    subprocess.run(["cp", "-a", cluster, place], check=True)  # noqa: S603, S607  cp keeps owners


MakeStack = Callable[..., RunningStack]


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _mentions(pid: int, marks: tuple[bytes, ...]) -> bool:
    with suppress(OSError):
        process = Path(f"/proc/{pid}")
        texts = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        return any(mark in texts for mark in marks)
    return False
