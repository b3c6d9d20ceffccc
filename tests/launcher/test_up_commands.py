"""`status`, `logs`, `stop` and `reset`, as another terminal would use them."""

import subprocess
import sys
from pathlib import Path

import pytest

from launcher.logs import LARGE, Follower, set_aside_large
from launcher.options import ROOT
from launcher.servers.process import wait_for
from tests.rig.running_stack import MakeStack, RunningStack, clean_environment, program


def command(
    data_dir: Path, *words: str, answer: str = "", yes: str = "", patience: float = 60
) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "launcher", *words],
        env={**clean_environment(), "DATA_DIR": str(data_dir), "YES": yes},
        cwd=ROOT,
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience,
    )
    return done.returncode, done.stdout + done.stderr


def test_status_shows_every_process(make_stack: MakeStack) -> None:
    stack = make_stack(program("web"), program("beat")).started()

    code, table = command(stack.data_dir, "status")

    assert code == 0
    assert "Halyard is ready" in table
    row = next(line for line in table.splitlines() if line.startswith("web"))
    assert row.split()[1:3] == [str(stack.pid("web")), "ready"]
    assert row.endswith(")")  # its memory
    assert f"127.0.0.1:{stack.ports['FLOWER_PORT']}" in table
    assert "login harbour@halyard.example, password" in table


def test_status_says_what_ended_and_when_it_comes_again(make_stack: MakeStack) -> None:

    stack = make_stack(program("beat"), program("web")).started()
    stack.kill("beat")
    assert wait_for(lambda: stack.state("beat") == "ready", patience=8)

    _, table = command(stack.data_dir, "status")

    row = next(line for line in table.splitlines() if line.startswith("beat "))
    assert row.split()[5:6] == ["1"]  # restarts
    assert "beat ended (signal SIGKILL) 0 s ago" in table.replace("1 s ago", "0 s ago")


def test_stop_waits_until_it_has_stopped(make_stack: MakeStack) -> None:
    stack = make_stack(program("web"), servers=True).started()

    assert command(stack.data_dir, "stop")[0] == 0
    assert stack.ends(patience=1) == 0
    assert stack.family() == []
    assert "not running" in command(stack.data_dir, "status")[1]


def test_reset_asks_first(make_stack: MakeStack) -> None:
    stack = make_stack(program("web")).started()

    code, words = command(stack.data_dir, "reset", answer="y\n")
    assert code == 1
    assert "YES=1" in words  # no terminal, no question
    assert stack.data_dir.exists()

    assert command(stack.data_dir, "reset", yes="1")[0] == 0
    assert not stack.data_dir.exists()
    assert stack.ends() == 0


@pytest.mark.usefixtures("starts_processes")
def test_reset_deletes_nothing_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "aunt.txt").touch()

    code, words = command(tmp_path, "reset", yes="1")

    assert code == 1
    assert "not made by Halyard" in words
    assert (tmp_path / "aunt.txt").exists()


def test_logs_name_the_process_in_front_of_each_whole_line(tmp_path: Path) -> None:
    follower = Follower(tmp_path)
    log = tmp_path / "web.log"
    log.write_text("one\n")
    assert follower.run_once() == ["web        | one"]

    with log.open("a") as file:
        file.write("two\nthr")
    assert follower.run_once() == ["web        | two"]

    with log.open("a") as file:
        file.write("ee\n")
    assert follower.run_once() == ["web        | three"]


def test_logs_of_a_process_that_is_none_say_which_there_are(make_stack: MakeStack) -> None:
    stack = make_stack(program("web")).started()

    code, words = command(stack.data_dir, "logs", "wob")

    assert code == 1
    assert "There is no log of wob: there are web." in words


def test_logs_of_what_has_ended_say_so(make_stack: MakeStack) -> None:
    stack = make_stack(program("web")).started()
    stack.stop()

    with pytest.raises(subprocess.TimeoutExpired) as still_following:
        command(stack.data_dir, "logs", patience=2)

    assert b"not running: these are its last lines" in (still_following.value.stdout or b"")


def test_logs_can_be_of_some_processes_only(tmp_path: Path) -> None:
    for name in ("web", "beat"):
        (tmp_path / f"{name}.log").write_text("hello\n")

    assert Follower(tmp_path, frozenset({"beat"})).run_once() == ["beat       | hello"]


def test_a_large_log_is_set_aside_once(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for text in ("old", "new"):
        log.write_text(text * LARGE)
        set_aside_large(tmp_path)

    assert not log.exists()
    assert (tmp_path / "web.log.1").read_text().startswith("new")


@pytest.mark.parametrize("variable", ["DEMO_PASSWORD", "SANDBOX_TOKEN"])
def test_what_the_person_has_set_wins_and_is_not_printed(
    make_stack: MakeStack, variable: str
) -> None:
    tell = f"import os; print(os.environ['{variable}'])"
    stack: RunningStack = make_stack(
        program("seed", tell, probe=None), env={variable: "my own words"}
    ).started()

    assert (stack.data_dir / "logs/seed.log").read_text() == "my own words\n"
    assert "my own words" not in stack.output
    stack.stop()
