"""One fast sandbox for the whole folder; tests use orders and keys of their own."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.running_sandbox import Sandbox, running_sandbox

_numbers = itertools.count(10_001)


@pytest.fixture(scope="session")
def sandbox(starts_processes: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="session")
def article(starts_processes: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One that takes the article's time."""
    with running_sandbox(tmp_path_factory.mktemp("slow"), SANDBOX_PROFILE="article") as running:
        yield running


@pytest.fixture
def own_sandbox(starts_processes: None, tmp_path: Path) -> Iterator[Sandbox]:
    """One that the test may kill."""
    with running_sandbox(tmp_path) as running:
        yield running


@pytest.fixture
def order() -> str:
    return f"H-{next(_numbers)}"
