"""The process: how it starts, refuses to start, ends, and what it remembers."""

import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from sandbox.settings import BadSettings, read_settings
from tests.rig.running_sandbox import Sandbox, environment, three_ports
from tests.rig.surroundings import ROOT
from tests.sandbox.test_payment_provider import new_intent, pay
from tests.sandbox.test_service_mail import message, send


def refused(home: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        env=environment(home, three_ports()) | env,
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )


@pytest.mark.usefixtures("starts_processes")
def test_help_names_every_variable(tmp_path: Path) -> None:
    told = refused(tmp_path, "--help")

    assert told.returncode == 0
    for name in (*environment(tmp_path, (1, 2, 3)), "PAYMENT_WEBHOOK_URL", "lost-reply"):
        assert name == "PATH" or name in told.stdout


@pytest.mark.parametrize("name", ["SANDBOX_PORT", "MAIL_PORT", "SANDBOX_SMTP_PORT"])
@pytest.mark.usefixtures("starts_processes")
def test_a_taken_port_is_named_with_its_variable(tmp_path: Path, name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = refused(tmp_path, **{name: port})

    assert told.returncode != 0
    assert (port in told.stderr, name in told.stderr) == (True, True)
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANDBOX_PORT", "eighty"),
        ("SANDBOX_SMTP_PORT", "65536"),
        ("SANDBOX_PROFILE", "slow"),
        ("TIME_ZONE", "Europe/Atlantis"),
        ("TIME_ZONE", "../zone"),
        ("PARTNER_WEBHOOK_SECRET", "whsec_%"),
        ("PAYMENT_WEBHOOK_SECRET", ""),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read_settings({"PAYMENT_WEBHOOK_URL": "http://127.0.0.1:9/", name: value})


@pytest.mark.usefixtures("starts_processes")
def test_a_bad_setting_ends_the_start_with_one_line(tmp_path: Path) -> None:
    told = refused(tmp_path, SANDBOX_PROFILE="hurried")

    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "SANDBOX_PROFILE" in told.stderr


def test_two_on_one_directory_are_refused(sandbox: Sandbox) -> None:
    told = refused(Path(sandbox.env["DATA_DIR"]))

    assert told.returncode != 0
    assert "DATA_DIR" in told.stderr


def test_its_directory_is_private(sandbox: Sandbox) -> None:
    modes = {path: path.stat().st_mode & 0o777 for path in (sandbox.home, sandbox.home / "token")}

    assert list(modes.values()) == [0o700, 0o600]
    assert (sandbox.home / "token").read_text().strip() == sandbox.env["SANDBOX_TOKEN"]


def test_control_c_ends_it(own_sandbox: Sandbox) -> None:
    own_sandbox.process.send_signal(signal.SIGINT)

    assert own_sandbox.process.wait(2) == 0
    own_sandbox.start_again()


def test_it_ends_within_two_seconds_whatever_hangs(own_sandbox: Sandbox) -> None:
    for service in ("warehouse", "mail"):
        own_sandbox.fault(service, mode="hang")
    for hang in (
        lambda: own_sandbox.reserve("H-1", "r"),
        lambda: send(own_sandbox, message("H-1")),
    ):
        threading.Thread(target=_quietly, args=(hang,), daemon=True).start()
    time.sleep(0.2)

    own_sandbox.process.send_signal(signal.SIGTERM)
    assert own_sandbox.process.wait(2) == 0
    own_sandbox.start_again()
    assert own_sandbox.get("/faults.json")["warehouse"]["mode"] == "hang"


def _quietly(call: object) -> None:
    with suppress(OSError, requests.RequestException):
        call()  # type: ignore[operator]


def test_it_remembers_everything_after_a_kill(own_sandbox: Sandbox) -> None:
    paid = pay(own_sandbox, "H-1", "p")
    open_intent = new_intent(own_sandbox, "H-2")
    own_sandbox.reserve("H-1", "r")
    send(own_sandbox, message("H-1"))
    own_sandbox.fault("crm", mode="503", rate=30, seconds=600)
    before = own_sandbox.get("/ledger.json")

    own_sandbox.kill()
    own_sandbox.start_again()
    assert own_sandbox.get("/ledger.json") == before
    assert own_sandbox.payments.payment_intents.retrieve(paid.id).status == "succeeded"
    assert own_sandbox.payments.payment_intents.cancel(open_intent.id).status == "canceled"
    assert own_sandbox.get("/faults.json")["crm"]["rate"] == 30
    own_sandbox.reserve("H-1", "r")
    send(own_sandbox, message("H-1"))
    assert own_sandbox.entries("warehouse", "H-1") == [("reservation", 1, 1, 0)]
    assert [mail["deliveries"] for mail in own_sandbox.mails("H-1@example.com")] == [2]
