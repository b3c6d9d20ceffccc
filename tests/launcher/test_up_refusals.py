"""What is said before anything starts."""

import socket
from pathlib import Path

import pytest

from launcher.data_dir import claim, held
from launcher.errors import Refused
from launcher.options import read_options
from launcher.release import this_release
from tests.rig.ports import free_ports
from tests.rig.running_stack import MakeStack, program


def test_a_second_start_says_who_is_running(make_stack: MakeStack) -> None:
    first = make_stack(program("web")).started()
    second = make_stack(program("web")).start()

    assert second.ends() == 1
    assert first.process
    assert f"already running (pid {first.process.pid}) in {first.data_dir}" in second.output
    assert first.stop() == 0


def test_two_copies_run_side_by_side(make_stack: MakeStack, ports: dict[str, int]) -> None:
    moved = dict(zip(ports, free_ports(len(ports)), strict=True))
    first = make_stack(program("web"), servers=True, name="One").started()
    second = make_stack(program("web"), servers=True, name="Other", ports=moved).started()

    assert first.stop() == 0
    assert second.stop() == 0


def test_a_taken_port_is_named_with_its_variable_before_anything_starts(
    make_stack: MakeStack, ports: dict[str, int]
) -> None:
    with socket.create_server(("127.0.0.1", ports["MAIL_PORT"])):
        stack = make_stack(program("web")).start()
        assert stack.ends(patience=5) == 1

    assert f"Port {ports['MAIL_PORT']} is taken: MAIL_PORT=... moves it." in stack.output
    assert not (stack.data_dir / "logs").exists()


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="WEB_PORT must be a number"):
        read_options({"WEB_PORT": text})


@pytest.mark.parametrize("word", ["prefork", "gevent", "threads ", " "])
def test_who_asks_for_another_pool_to_wait_in_is_told_that_there_is_none(word: str) -> None:
    with pytest.raises(Refused, match="WAITING is gone: what waits for others runs in threads"):
        read_options({"WAITING": word})


@pytest.mark.parametrize("word", ["", "threads"])
def test_who_still_asks_for_threads_has_them(word: str) -> None:
    assert read_options({"WAITING": word}) == read_options({})


def test_one_port_for_two_is_refused() -> None:
    with pytest.raises(Refused, match="WEB_PORT and SANDBOX_PORT are both 8001"):
        read_options({"WEB_PORT": "8001"})


def test_a_folder_with_something_else_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir(mode=0o755)
    (tmp_path / "messages" / "aunt.txt").touch()

    with pytest.raises(Refused, match="holds something else already"):
        claim(tmp_path / "messages")

    assert (tmp_path / "messages").stat().st_mode & 0o777 == 0o755


def test_the_data_directory_is_private(tmp_path: Path) -> None:
    claim(tmp_path / "data")

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def of_release(data_dir: Path, made_by: str | None) -> Path:
    """A data directory with something in it; without `made_by` as 0.1 left them."""
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("18\n")
    (data_dir / ".halyard").write_text("4711\n")
    if made_by is not None:
        (data_dir / ".made-by").write_text(made_by)
    data_dir.chmod(0o755)
    return data_dir


def seen_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Each entry's mode, time and content."""
    return {
        str(each): (
            each.stat().st_mode,
            each.stat().st_mtime_ns,
            each.read_bytes() if each.is_file() else b"",
        )
        for each in (folder, *folder.rglob("*"))
    }


@pytest.mark.parametrize("made_by", [None, "", "0.1.0\n", "what was here?", "0.2.0 or so"])
def test_data_of_0_1_asks_for_a_reset_in_one_sentence_and_stays_as_it_was(
    make_stack: MakeStack, tmp_path: Path, made_by: str | None
) -> None:
    before = seen_of(of_release(tmp_path / "data", made_by))

    stack = make_stack(program("web")).start()

    assert stack.ends() == 1
    [line] = stack.output.splitlines()
    assert line.startswith(f"{stack.data_dir} holds data of release 0.1, which {this_release()}")
    assert "`make reset` deletes it" in line
    assert seen_of(stack.data_dir) == before


@pytest.mark.parametrize("made_by", ["0.2.0\n", "0.10.3\n", "1.0.0"])
def test_data_of_a_later_release_is_gone_on_with(tmp_path: Path, made_by: str) -> None:
    claim(of_release(tmp_path / "data", made_by))

    assert (tmp_path / "data" / ".made-by").read_text() == made_by


def test_a_data_directory_says_which_release_made_it(tmp_path: Path) -> None:
    for _ in range(2):
        claim(tmp_path / "data")

    assert (tmp_path / "data" / ".made-by").read_text() == f"{this_release()}\n"


@pytest.mark.parametrize("left", [".made-by", ".made-by.new"])
def test_a_start_that_died_before_there_was_any_data_needs_no_reset(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / ".halyard").touch()
    (tmp_path / left).touch()

    claim(tmp_path)

    assert (tmp_path / ".made-by").read_text() == f"{this_release()}\n"


def test_of_two_starts_at_once_one_signs(tmp_path: Path) -> None:
    (tmp_path / ".halyard").touch()

    with held(tmp_path):
        claim(tmp_path)
        assert not (tmp_path / ".made-by").exists()

    claim(tmp_path)
    assert (tmp_path / ".made-by").exists()


def test_the_old_name_of_the_sandboxs_mail_port_is_answered_with_the_new_one() -> None:
    with pytest.raises(Refused, match="the sandbox's is SANDBOX_SMTP_PORT"):
        read_options({"SMTP_PORT": "1125"})

    real = {"SMTP_PORT": "587", "SMTP_HOST": "smtp.example"}
    assert read_options(real).ports["SANDBOX_SMTP_PORT"] == 1025
