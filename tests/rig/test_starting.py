"""No test starts a program of ours without the mark that keeps it out of `make quick`."""

import subprocess
import sys
from pathlib import Path

import pytest

from launcher.servers.process import spawn
from tests.rig.starting import MARK, is_ours
from tests.rig.surroundings import ROOT


def test_who_does_not_ask_cannot_start_a_program_of_ours(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=f"does not ask for {MARK}"):
        spawn([sys.executable, "-m", "sandbox"], log=tmp_path / "log", env={}, cwd=ROOT)
    with pytest.raises(AssertionError, match=f"does not ask for {MARK}"):
        subprocess.run(["make", "up"], cwd=ROOT, check=False)  # noqa: S607  it does not come to that


@pytest.mark.usefixtures("starts_processes")
def test_who_asks_may_and_is_marked(request: pytest.FixtureRequest) -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)

    assert request.node.get_closest_marker(MARK)


def test_quick_leaves_out_whoever_is_marked() -> None:
    [quick] = [part for part in (ROOT / "Makefile").read_text().split("\n\n") if "quick:" in part]

    assert f'-m "not {MARK} ' in quick


@pytest.mark.parametrize(
    ("executable", "command", "ours"),
    [
        (None, ["/usr/bin/python3.11", "manage.py", "relay"], True),
        (sys.executable, ["halyard"], True),
        (None, "celery -A config worker", True),
        (None, ["/bin/sh", "-c", "celery"], True),
        (None, ["make", "up"], True),
        (None, ["nice", "-n", "5", "python3", "-m", "sandbox"], True),
        (None, ["git", "ls-files"], False),
        (None, ["openssl", "req"], False),
    ],
)
def test_a_program_of_ours_is_known(
    executable: str | None,
    command: list[str] | str,
    ours: bool,  # noqa: FBT001
) -> None:
    assert is_ours(executable, command) is ours
