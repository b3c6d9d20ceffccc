"""Stacks in temporary directories on free ports; none survives its test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launcher.options import PORTS
from launcher.servers.postgres import Postgres
from tests.rig.ports import free_ports
from tests.rig.running_stack import MakeStack, RunningStack


@pytest.fixture(autouse=True)
def short_temp_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sockets that do not fit under tmp_path stand here, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="halyard-test-", dir="/tmp") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture
def ports() -> dict[str, int]:
    """A free port for every variable, found together so that they differ."""
    return dict(zip(PORTS, free_ports(len(PORTS)), strict=True))


@pytest.fixture(scope="session")
def cluster(starts_processes: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PostgreSQL data directory nobody has used yet, to be copied."""
    place = tmp_path_factory.mktemp("cluster")
    Postgres(place / "postgres", place).prepare()
    return place / "postgres"


@pytest.fixture
def make_stack(tmp_path: Path, ports: dict[str, int], cluster: Path) -> Iterator[MakeStack]:
    """Makes a stack of the given programs; what still runs at the end is killed."""
    made: list[RunningStack] = []

    def make(*programs: dict[str, Any], name: str = "data", **more: Any) -> RunningStack:
        more = {"ports": ports, "cluster": cluster, **more}
        stack = RunningStack(tmp_path / name, programs=list(programs), **more)
        made.append(stack)
        return stack

    yield make
    for stack in made:
        if stack.process and stack.process.poll() is None:
            stack.process.kill()
            stack.process.wait()
