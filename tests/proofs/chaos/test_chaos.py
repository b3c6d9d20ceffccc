"""A short storm, in real processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.depth import THOROUGH, thorough
from tests.rig.running_stack import clean_environment
from tests.rig.surroundings import ROOT

ORDERS = "120" if THOROUGH else "30"
STORM = ["halyard", "--orders", ORDERS, "--hurry", "--seed", "1"]


@pytest.mark.xdist_group("chaos")
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("starts_processes")
def test_a_short_storm_costs_no_order_anything(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.proofs.chaos", *STORM]
    told = subprocess.run(  # noqa: S603  our own interpreter
        command,
        cwd=ROOT,
        env=clean_environment() | {"ARTEFACTS": str(tmp_path), "DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr[-5000:]
    assert "met    lost: 0" in told.stdout
    assert (tmp_path / "chaos.json").exists()
    assert not (tmp_path / "data").exists()  # `make up` would refuse it


@thorough
@pytest.mark.xdist_group("chaos")
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("starts_processes")
def test_a_storm_over_a_campaign_costs_nobody_their_mail(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.proofs.chaos", "campaign", "--recipients", "800"],
        cwd=ROOT,
        env=clean_environment() | {"ARTEFACTS": str(tmp_path), "DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr[-5000:]
    assert "met    doubled: 0" in told.stdout
