"""What the environment says about a start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import Refused
from launcher.workers import WAITING

# By its name somebody enters the admin and Flower. The same stands in config/demo.py.
DEMO_USER = "harbour@halyard.example"
ROOT = Path(__file__).resolve().parents[1]
PORTS = {
    "WEB_PORT": 8000,
    "FLOWER_PORT": 5555,
    "MAIL_PORT": 8025,
    "SANDBOX_SMTP_PORT": 1025,
    "SANDBOX_PORT": 8001,
}


@dataclass(frozen=True)
class Options:
    """Ports by the name of their variable, where everything is kept, and in what work waits."""

    data_dir: Path
    ports: Mapping[str, int]
    waiting: str = "threads"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.data_dir / "logs"

    @property
    def state_file(self) -> Path:
        """What the running supervisor says about itself."""
        return self.data_dir / "state.json"

    def address(self, port: str, path: str = "/") -> str:
        """The loopback address of the port whose variable is named."""
        return f"http://127.0.0.1:{self.ports[port]}{path}"


def read_options(environ: Mapping[str, str] = os.environ) -> Options:
    """The options, checked. An empty variable counts as unset."""
    data_dir = Path(environ.get("DATA_DIR") or ".data").expanduser()
    ports = {name: _port(name, environ.get(name) or str(PORTS[name])) for name in PORTS}
    _refuse_twins(ports)
    _refuse_old_name(environ)
    waiting = _waiting(environ.get("WAITING") or "threads")
    return Options(data_dir=(ROOT / data_dir).resolve(), ports=ports, waiting=waiting)


def _port(name: str, text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        msg = f"{name} must be a number from 1 to 65535, not {text!r}."
        raise Refused(msg)
    return int(text)


def _waiting(word: str) -> str:
    if word not in WAITING:
        msg = f"WAITING must be {' or '.join(WAITING)}, not {word!r}."
        raise Refused(msg)
    return word


def _refuse_old_name(environ: Mapping[str, str]) -> None:
    """It was the sandbox's port once, and would send the shop's mail to nobody."""
    if environ.get("SMTP_PORT") and not environ.get("SMTP_HOST"):
        raise Refused(
            "SMTP_PORT is the port of a mail server of yours, with SMTP_HOST: "
            "the sandbox's is SANDBOX_SMTP_PORT."
        )


def _refuse_twins(ports: Mapping[str, int]) -> None:
    owners: dict[int, str] = {}
    for name, port in ports.items():
        if port in owners:
            msg = f"{owners[port]} and {name} are both {port}: move one of them."
            raise Refused(msg)
        owners[port] = name
