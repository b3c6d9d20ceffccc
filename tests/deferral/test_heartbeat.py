"""A file says that a process lives; nothing is written where none is named."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deferral.worker import heartbeat


def test_it_touches_the_named_file_and_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(heartbeat, "EVERY", 0.0)
    heartbeat.beat()
    monkeypatch.setattr(heartbeat, "FILE", str(tmp_path / "heartbeat"))
    heartbeat.beat()

    assert [path.name for path in tmp_path.iterdir()] == ["heartbeat"]


def test_a_file_that_cannot_be_written_ends_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(heartbeat, "EVERY", 0.0)
    monkeypatch.setattr(heartbeat, "FILE", str(tmp_path / "nowhere" / "heartbeat"))

    heartbeat.beat()


def test_who_is_ready_gives_its_first_sign_of_life_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        heartbeat.notify_ready()

        assert [supervisor.recv(64) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]


@pytest.mark.usefixtures("starts_processes")
def test_it_comes_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    code = "from deferral.worker import heartbeat; heartbeat.beat()"
    subprocess.run([sys.executable, "-c", code], env={"HEARTBEAT_FILE": str(file)}, check=True)  # noqa: S603

    assert file.exists()


def test_a_supervisor_that_is_gone_ends_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))

    heartbeat.notify_ready()
    monkeypatch.setattr(heartbeat, "EVERY", 0.0)
    heartbeat.beat()
