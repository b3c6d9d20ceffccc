"""The health checks, run as the containers run them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.deploy.composed import ROOT, services
from tests.rig.ports import free_ports
from tests.rig.running_sandbox import Sandbox


def check(command: list[str], **instead: str) -> int:
    """The exit code of a health check's command, its places replaced by the test's."""
    words = [sys.executable if word == "python" else instead.get(word, word) for word in command]
    return subprocess.run(words, cwd=ROOT, check=False).returncode  # noqa: S603  ours


@pytest.mark.usefixtures("starts_processes")
def test_a_worker_lives_while_it_touches_its_file(tmp_path: Path) -> None:
    [_cmd, *command] = services()["critical"]["healthcheck"]["test"]
    file = tmp_path / "heartbeat"

    assert check(command, **{"/tmp/heartbeat": str(file)}) == 1  # noqa: S108  a container's
    file.touch()
    assert check(command, **{"/tmp/heartbeat": str(file)}) == 0  # noqa: S108
    os.utime(file, (0, time.time() - 31))
    assert check(command, **{"/tmp/heartbeat": str(file)}) == 1  # noqa: S108


def test_an_address_must_answer_200(sandbox_process: Sandbox) -> None:
    [_cmd, *command] = services()["web"]["healthcheck"]["test"]
    address = command[-1]

    assert check(command, **{address: f"{sandbox_process.url}/healthz"}) == 0
    assert check(command, **{address: f"{sandbox_process.url}/nothing-here"}) == 1
    assert check(command, **{address: f"http://127.0.0.1:{free_ports(1)[0]}/healthz"}) == 1
