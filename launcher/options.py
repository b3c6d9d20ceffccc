"""What the environment says about a start."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import Refused

# By its name somebody enters the admin and Flower. The same stands in config/demo.py.
DEMO_USER = "harbour@halyard.example"
# Seconds. For one statement, on a machine that does much else.
GIVING_BACK = 10.0
# Seconds, as in config/settings.py.
LONGEST = 3_600
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
    """Ports by the name of their variable, and where everything is kept.

    `soft_shutdown`: seconds that a worker which is to end lets its jobs run (config/settings.py).
    """

    data_dir: Path
    ports: Mapping[str, int]
    soft_shutdown: float = 20.0

    @property
    def grace(self) -> float:
        """Seconds that a worker has to end: more than it gives its jobs, of which it then has to
        give back what still runs.
        """
        return self.soft_shutdown + GIVING_BACK

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
    _refuse_what_is_gone(environ)
    soft = _seconds("SOFT_SHUTDOWN", environ.get("SOFT_SHUTDOWN") or str(Options.soft_shutdown))
    return Options((ROOT / data_dir).resolve(), ports, soft)


def _port(name: str, text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        msg = f"{name} must be a number from 1 to 65535, not {text!r}."
        raise Refused(msg)
    return int(text)


def _seconds(name: str, text: str) -> float:
    with suppress(ValueError):
        if 1 <= (seconds := float(text)) <= LONGEST:
            return seconds
    msg = f"{name} must be a number of seconds from 1 to {LONGEST}, not {text!r}."
    raise Refused(msg)


def _refuse_old_name(environ: Mapping[str, str]) -> None:
    """It was the sandbox's port once, and would send the shop's mail to nobody."""
    if environ.get("SMTP_PORT") and not environ.get("SMTP_HOST"):
        raise Refused(
            "SMTP_PORT is the port of a mail server of yours, with SMTP_HOST: "
            "the sandbox's is SANDBOX_SMTP_PORT."
        )


def _refuse_what_is_gone(environ: Mapping[str, str]) -> None:
    """Nobody is to compare threads with children, and measure threads twice."""
    if environ.get("WAITING", "threads") not in {"", "threads"}:
        raise Refused(
            "WAITING is gone: what waits for others runs in threads. Unset it. "
            "docs/adr/0029-what-waits-runs-in-threads.md says why."
        )


def _refuse_twins(ports: Mapping[str, int]) -> None:
    owners: dict[int, str] = {}
    for name, port in ports.items():
        if port in owners:
            msg = f"{owners[port]} and {name} are both {port}: move one of them."
            raise Refused(msg)
        owners[port] = name
