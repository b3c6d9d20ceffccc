"""What is uploaded is not kept in memory while it comes: a container's /tmp is that."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.spooling import spooled_on_disk
from media.large_bodies import with_room
from tests.rig.surroundings import ROOT

ADDRESS = with_room("/admin/shop/productimport/upload/")


@pytest.fixture
def port() -> int:
    """A free one."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def web(port: int, tmp_path: Path, starts_processes: None) -> Iterator[subprocess.Popen[bytes]]:
    """The server as it is deployed, with its data in the test's folder."""
    words = ["gunicorn", "tests.config.spooled", "-c", "deploy/web.py", "-b", f"127.0.0.1:{port}"]
    env = {**os.environ, "DATA_DIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-m", *words], env=env, cwd=ROOT) as server:  # noqa: S603  ours
        yield server
        server.send_signal(signal.SIGTERM)


def answer(port: int) -> list[str]:
    """Of a body that buffers do not hold."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{ADDRESS}", data=bytes(1_000_000))
    for _ in range(100):
        try:
            with urllib.request.urlopen(request) as told:  # noqa: S310  ours
                return str(told.read().decode()).splitlines()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError


def test_a_body_and_a_file_are_on_the_volume_of_the_data_and_gone_with_the_server(
    web: subprocess.Popen[bytes], port: int, tmp_path: Path
) -> None:
    folder = f"{tmp_path}/unfinished/web-"
    assert [path.startswith(folder) for path in answer(port)] == [True, True]

    web.send_signal(signal.SIGTERM)
    web.wait(timeout=60)
    assert [each.name for each in (tmp_path / "unfinished").iterdir()] == [".lock"]


def test_where_that_cannot_be_written_the_systems_folder_is_taken(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.write_text("no folder")
    with spooled_on_disk():
        assert not tempfile.gettempdir().startswith(str(tmp_path / "data"))


def test_it_ends_with_the_block(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, before = tmp_path / "data", tempfile.gettempdir()
    with spooled_on_disk():
        assert tempfile.gettempdir().startswith(str(tmp_path / "data" / "unfinished" / "web-"))

    assert tempfile.gettempdir() == before
