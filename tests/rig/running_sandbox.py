"""A real `python -m sandbox` for the tests of the world outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import stripe

from launcher.servers.process import Process, spawn
from tests.rig.ports import free_ports
from tests.rig.surroundings import PARTNER_SECRET, ROOT, TOKEN
from tests.rig.waiting import eventually

PAYMENT_KEY = "sk_test_halyard"
_PATIENCE = 15.0
PORT_NAMES = ("SANDBOX_PORT", "MAIL_PORT", "SANDBOX_SMTP_PORT")


@dataclass
class Sandbox:
    """One running sandbox, and what a test asks of it."""

    ports: tuple[int, int, int]
    env: dict[str, str]
    process: Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def inbox(self) -> str:
        return f"http://127.0.0.1:{self.ports[1]}"

    @property
    def smtp_port(self) -> int:
        return self.ports[2]

    @property
    def home(self) -> Path:
        return Path(self.env["DATA_DIR"]) / "sandbox"

    @property
    def payments(self) -> Any:
        """The SDK as the shop uses it; Any, because its models are optional in every field."""
        return stripe.StripeClient(
            PAYMENT_KEY, base_addresses={"api": f"{self.url}/payment"}, max_network_retries=0
        ).v1

    def answers(self) -> bool:
        """Whether anybody listens."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.ConnectionError:
            return False

    def get(self, path: str) -> Any:
        return requests.get(self.url + path, timeout=_PATIENCE).json()

    def post(self, path: str, body: object, key: str, timeout: float = _PATIENCE) -> Any:
        headers = {"Idempotency-Key": key}
        return requests.post(self.url + path, json=body, headers=headers, timeout=timeout)

    def reserve(self, order: str, key: str, where: str = "warehouse", timeout: float = 9) -> Any:
        body = {"order": order, "lines": [{"sku": "mug", "quantity": 1}]}
        return self.post(f"/{where}/reservations", body, key, timeout)

    def fault(self, service: str, **fault: object) -> Any:
        headers = {"X-Sandbox-Token": TOKEN}
        url = f"{self.url}/faults/{service}"
        return requests.put(url, json=fault, headers=headers, timeout=_PATIENCE)

    def entries(self, service: str, order: str) -> list[tuple[str, int, int, int]]:
        """(effect, accepted, repeats, refused) of each of the order's ledger rows."""
        rows = self.get(f"/ledger.json?order={order}")[service]
        return [(r["effect"], r["accepted"], r["repeats"], r["refused"]) for r in rows]

    def mails(self, to: str) -> Any:
        return requests.get(f"{self.inbox}/api/messages?to={to}", timeout=_PATIENCE).json()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def start_again(self) -> None:
        """Start on the same data, as after a crash or a stop."""
        self.process = _start(self.env)
        _wait_ready(self)


@contextmanager
def running_sandbox(
    home: Path, *, ports: tuple[int, int, int] | None = None, **env: str
) -> Iterator[Sandbox]:
    """Run one until the block ends; nothing of it lives on."""
    ports = ports or three_ports()
    env = environment(home, ports) | env
    sandbox = Sandbox(ports, env, _start(env))
    try:
        _wait_ready(sandbox)
        yield sandbox
    finally:
        sandbox.process.send_signal(signal.SIGTERM)
        try:
            sandbox.process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            sandbox.kill()
            raise


def three_ports() -> tuple[int, int, int]:
    one, two, three = free_ports(3)
    return one, two, three


def ports_of_the_settings() -> tuple[int, int, int]:
    """Where the shop under test looks for the world outside."""
    one, two, three = (int(os.environ[name]) for name in PORT_NAMES)
    return one, two, three


def environment(home: Path, ports: tuple[int, int, int]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(home),
        "SITE_URL": "http://shop.example",
        "SANDBOX_PROFILE": "fast",
        "SANDBOX_TOKEN": TOKEN,
        "PARTNER_WEBHOOK_SECRET": PARTNER_SECRET,
        **{name: str(port) for name, port in zip(PORT_NAMES, ports, strict=True)},
    }


def _start(env: dict[str, str]) -> Process:
    """It ends with whoever runs the tests, however that ends."""
    log = Path(env["DATA_DIR"]) / "sandbox.log"
    return spawn([sys.executable, "-m", "sandbox"], log=log, env=env, cwd=ROOT)


def _wait_ready(sandbox: Sandbox) -> None:
    process = sandbox.process
    eventually(lambda: process.poll() is not None or sandbox.answers(), patience=_PATIENCE)
    assert process.poll() is None, f"the sandbox did not start: {process.poll()}"
