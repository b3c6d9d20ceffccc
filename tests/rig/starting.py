"""Who may start programs of ours: tests that ask for `starts_processes` (a pytest plugin).

Mostly a fixture of the rig asks on their behalf. Each of them gets the mark of that name, by which
`make quick` leaves them out. Any other test that starts a Python program fails, in every run: so no
test can start the running shop and be quick.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

MARK = "starts_processes"
# What starts the shop, the sandbox or one of Django's commands, by whatever name; not git, openssl.
PROGRAMS = ("python", "celery", "gunicorn", "make", "sh", "bash")
_FORBIDDEN: list[str] = []


@pytest.fixture(scope="session")
def starts_processes() -> None:
    """Asked for by whatever starts a program of ours."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{MARK}: starts programs of ours; set by tests.rig.starting"
    )
    config.addinivalue_line(
        "markers", "exhaustive: tries everything there is, or waits: not in `make quick`"
    )
    sys.addaudithook(_look)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` is looked at."""
    for item in items:
        if MARK in getattr(item, "fixturenames", ()):
            item.add_marker(MARK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """From its fixtures to their end."""
    if not item.get_closest_marker(MARK):
        _FORBIDDEN.append(item.nodeid)
    try:
        return (yield)
    finally:
        _FORBIDDEN.clear()


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"subprocess.Popen", "os.posix_spawn"} and _FORBIDDEN and is_ours(*arguments[:2]):
        msg = f"{_FORBIDDEN[0]} starts {arguments[1]} and does not ask for {MARK}"
        raise AssertionError(msg)


def is_ours(executable: Any, command: Sequence[Any] | str) -> bool:
    """Whether it could be the shop: a Python or a shell, also behind `nice` or `env`."""
    words = command.split() if isinstance(command, str) else command
    names = {Path(os.fsdecode(each)).name for each in (executable or "", *words)}
    return not {name.rstrip(".0123456789") for name in names}.isdisjoint(PROGRAMS)
