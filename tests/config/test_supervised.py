"""The doctor reads what `make up` writes about its processes."""

import json
import time
from pathlib import Path

import pytest

from config.health import check_supervised
from launcher.environment import shared_environment
from launcher.options import read_options


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, where the supervisor tells its children that it is."""
    options = read_options({"DATA_DIR": str(tmp_path)})
    env = shared_environment(options, {"DEMO_PASSWORD": "p"}, {})
    monkeypatch.setenv("SUPERVISOR_STATE", env["SUPERVISOR_STATE"])
    return options.state_file


def write(state: Path, *, ago: float, restarts: int = 7, now: str = "ready") -> None:
    beat = {"name": "beat", "state": now, "restarts": restarts, "why": "ended (exit code 1)"}
    programs = [beat | {"ended_at": time.time() - ago}]
    state.write_text(json.dumps({"programs": programs}))


@pytest.mark.parametrize(
    ("ago", "now", "well"), [(12, "ready", False), (900, "ready", True), (900, "ended", False)]
)
def test_the_doctor_names_a_process_that_ended(
    state: Path, ago: float, now: str, *, well: bool
) -> None:
    write(state, ago=ago, now=now)

    [finding] = check_supervised()

    assert (finding.name, finding.well) == ("process beat", well)
    assert f"started again 7 times; ended (exit code 1) {ago} s ago" in finding.detail


def test_the_doctor_is_silent_about_who_never_ended_and_where_nobody_tells(state: Path) -> None:
    assert list(check_supervised()) == []
    write(state, ago=0, restarts=0)
    assert list(check_supervised()) == []
    state.write_text("{")
    assert list(check_supervised()) == []
