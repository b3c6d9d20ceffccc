"""Django's own look at a production: the composition's environment, as its containers see it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.composed import DEMO, PRODUCTION, ROOT, services
from tests.deploy.test_make_secrets import make_secrets

KEY = "rk_live_only_for_this_test"


def in_the_container(tmp_path: Path, env_file: Path, **changed: str) -> dict[str, str]:
    """The web's environment, its secrets where this test has put them."""
    folder = tmp_path / "secrets"
    make_secrets.make(folder, demo=env_file == DEMO)
    if env_file == PRODUCTION:
        (folder / "payment_secret_key").chmod(0o600)
        (folder / "payment_secret_key").write_text(KEY)
    given: dict[str, Any] = services(env_file)["web"]["environment"]
    values = {
        name: str(value).replace("/run/secrets", str(folder)) for name, value in given.items()
    }
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)} | values | changed


def check_deploy(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603  ours


@pytest.mark.usefixtures("starts_processes")
def test_a_production_leaves_nothing_to_remark(tmp_path: Path) -> None:
    found = check_deploy(in_the_container(tmp_path, PRODUCTION))

    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.usefixtures("starts_processes")
def test_a_production_that_is_less_is_told_all_of_it(tmp_path: Path) -> None:
    less = {"SSL_REDIRECT": "false", "HSTS_SECONDS": "0", "PAYMENT_TEST_METHODS": "true"}
    found = check_deploy(in_the_container(tmp_path, PRODUCTION, **less, CRM_URL=""))

    assert found.returncode == 1
    for remark in ("security.W004", "security.W008", "test cards", "must be set"):
        assert remark in found.stderr


@pytest.mark.usefixtures("starts_processes")
def test_the_demonstration_may_start(tmp_path: Path) -> None:
    env = in_the_container(tmp_path, DEMO)
    command = [sys.executable, "manage.py", "check"]
    found = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603  ours

    assert (found.returncode, found.stderr) == (0, "")
