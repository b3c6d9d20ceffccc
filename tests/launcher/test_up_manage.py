"""`manage`: Django's commands with the environment of what runs."""

from pathlib import Path

import pytest

from tests.launcher.test_up_commands import command
from tests.rig.running_stack import MakeStack, program


def test_a_command_runs_with_the_database_of_the_running_shop(make_stack: MakeStack) -> None:
    stack = make_stack(program("relay"))
    stack.env["DATABASE_URL"] = "postgresql://%2Fnowhere%2Fat-all/x"
    stack.started()

    code, words = command(stack.data_dir, "manage", "migrate", "--check")

    assert code != 0
    assert "/nowhere/at-all" in words


@pytest.mark.usefixtures("starts_processes")
def test_without_a_running_shop_it_says_how_to_start_one(tmp_path: Path) -> None:
    code, words = command(tmp_path / "none", "manage", "doctor")

    assert (code, words) == (1, "Halyard is not running: make up starts it.\n")
