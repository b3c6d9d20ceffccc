"""A file says that a process lives; nothing is written where none is named."""

import subprocess
import sys
from pathlib import Path

import pytest

from deferral import heartbeat


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


def test_it_comes_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    code = "from deferral import heartbeat; heartbeat.beat()"
    subprocess.run([sys.executable, "-c", code], env={"HEARTBEAT_FILE": str(file)}, check=True)  # noqa: S603

    assert file.exists()
