"""What the supervisor does when a process does not do what it should."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launcher.child import Child
from launcher.keeper import Keeper
from launcher.probes import Responds
from launcher.program import Layer, Program
from launcher.servers.process import wait_for
from launcher.state import write_state
from launcher.supervisor import Supervisor
from tests.rig.running_stack import TELL, MakeStack, program


def test_a_dead_application_is_restarted_ever_later_and_the_rest_stays(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(program("beat"), program("web")).started()
    web = stack.pid("web")

    for when in ("at once", "in 1 s", "in 2 s", "in 4 s"):
        gone = stack.kill("beat")
        assert stack.says(f"beat ended (signal SIGKILL): restarting {when}")
        assert stack.lives_again("beat", after=gone)

    assert stack.pid("web") == web
    assert stack.stop() == 0
    assert stack.family() == []


@pytest.mark.usefixtures("starts_processes")
def test_one_that_was_well_for_a_while_is_restarted_at_once_again(tmp_path: Path) -> None:
    with contextlib.closing(Keeper()) as keeper:
        child = Child(Program("beat", (), Layer.APPS), tmp_path / "beat.log", keeper)
    pauses = []
    for _ in range(9):
        child.fail("ended")
        pauses.append(child.pause)
    child.in_a_row = 0
    child.fail("ended")

    assert pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert (child.pause, child.restarts) == (0, 10)


AT_WORK = (
    "def work(): socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)"
    ".sendto(b'WATCHDOG=1', os.environ['NOTIFY_SOCKET'])\n"
)
WORKS = f"{TELL}{AT_WORK}ready()\nwhile True: work(); time.sleep(0.1)"


def test_a_frozen_process_is_ended_and_started_again(make_stack: MakeStack) -> None:
    stack = make_stack(program("relay", WORKS, silent_for=2.0), program("web")).started()
    web, frozen = stack.pid("web"), stack.pid("relay")
    assert frozen
    os.kill(frozen, signal.SIGSTOP)

    assert stack.says("relay gave no sign of life for 2 s and was ended: restarting at once")
    assert stack.lives_again("relay", after=frozen)
    assert stack.pid("web") == web


def test_a_web_that_takes_connections_and_answers_none_falls_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Responds, "EVERY", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        probe = Responds(deaf.getsockname()[1], "/", patience=0.1)
        assert wait_for(lambda: probe.silence() > 3 * Responds.EVERY, patience=10)


def test_a_web_that_answers_when_it_can_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the look that asked, and also while it can serve nobody: 503 is an answer."""
    monkeypatch.setattr(Responds, "EVERY", 0.05)
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as slow:
        probe = Responds(slow.getsockname()[1], "/")
        for _ in range(5):
            time.sleep(Responds.EVERY)
            seen.append(probe.silence())
            line, _ = slow.accept()
            with line:
                line.recv(1_000)
                line.sendall(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            time.sleep(0.02)
            seen.append(probe.silence())

    assert set(seen) == {0.0}


def test_a_dead_broker_is_restarted_and_nothing_else(make_stack: MakeStack) -> None:
    stack = make_stack(program("web"), servers=True).started()
    others = (stack.pid("web"), stack.pid("postgres"))

    for _ in range(2):
        gone = stack.kill("valkey")
        assert stack.lives_again("valkey", after=gone)
        assert wait_for(lambda: stack.state("valkey") == "ready", patience=10)

    assert (stack.pid("web"), stack.pid("postgres")) == others
    assert stack.stop() == 0


def test_a_broker_that_cannot_start_again_stops_nothing(make_stack: MakeStack) -> None:
    stack = make_stack(program("web"), servers=True).started()
    web = stack.pid("web")
    spoilt = next((stack.data_dir / "valkey").rglob("*.manifest"))
    spoilt.write_text("nonsense")

    stack.kill("valkey")

    assert stack.says("valkey ended (exit code 1): restarting in 2 s")
    assert stack.pid("web") == web
    assert stack.stop() == 0


@pytest.mark.usefixtures("starts_processes")
def test_a_state_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    supervisor = Supervisor([], logs=tmp_path, cwd=tmp_path, env={}, say=print)
    with contextlib.closing(supervisor._keeper):
        write_state(tmp_path / "gone" / "state.json", supervisor, ())


@pytest.mark.usefixtures("starts_processes")
def test_one_that_takes_no_call_is_not_ready_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(*_: Any, **__: Any) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", nobody)

    assert not Responds(1, "/").ready()


def test_a_dead_database_stops_the_stack_and_the_next_start_recovers(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(program("web"), servers=True).started()

    stack.kill("postgres")

    assert stack.ends() == 1
    assert "Halyard stops: postgres ended (signal SIGKILL)" in stack.output
    assert "make up goes on where this stopped" in stack.output
    assert stack.family() == []
    assert stack.started().stop() == 0


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(
    make_stack: MakeStack,
) -> None:
    family = TELL + "os.fork() or ready()\nsignal.signal(15, signal.SIG_IGN)\nsignal.pause()"
    stack = make_stack(program("web"), program("worker", family, grace=1), servers=True).started()

    stack.signal(signal.SIGKILL)
    stack.ends()

    assert wait_for(lambda: not stack.family(), patience=2), stack.family()
    assert stack.started().stop() == 0


def test_after_a_kill_the_next_start_waits_for_ports_that_are_still_being_left(
    make_stack: MakeStack, ports: dict[str, int]
) -> None:
    stack = make_stack(program("web")).started()
    stack.signal(signal.SIGKILL)
    stack.ends()

    with socket.create_server(("127.0.0.1", ports["WEB_PORT"])):
        stack.start()
        assert not stack.says("READY", patience=1)

    assert stack.says("READY")
    assert stack.stop() == 0


def test_one_that_is_never_ready_is_named_with_the_end_of_its_log(make_stack: MakeStack) -> None:
    silent = TELL + "print('waiting for Godot', flush=True)\nsignal.pause()"
    stack = make_stack(program("relay", silent, patience=1)).start()

    assert stack.ends() == 1
    assert "relay not ready after 1 s" in stack.output
    assert "waiting for Godot" in stack.output
    assert str(stack.data_dir / "logs/relay.log") in stack.output


def test_one_that_ends_before_it_was_ready_stops_the_start(make_stack: MakeStack) -> None:
    stack = make_stack(program("web", "sys.exit('no such module')"), program("beat")).start()

    assert stack.ends() == 1
    assert "Halyard stops: web ended (exit code 1)" in stack.output
    assert "restarting" not in stack.output
    assert "READY" not in stack.output


def test_a_command_that_fails_stops_the_start_before_what_needs_it(make_stack: MakeStack) -> None:
    migrate = program("migrate", "raise SystemExit('relation exists')", probe=None)
    stack = make_stack(migrate, program("web", after=["migrate"])).start()

    assert stack.ends() == 1
    assert "relation exists" in stack.output
    assert not (stack.data_dir / "logs/web.log").exists()


@pytest.fixture
def _no_nohup() -> Iterator[None]:
    """Whoever runs these tests may ignore SIGHUP, and children inherit that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("_no_nohup")
def test_a_terminal_that_goes_away_stops_everything(make_stack: MakeStack) -> None:
    stack = make_stack(program("web")).started()

    stack.signal(signal.SIGHUP)

    assert stack.ends() == 0
    assert stack.family() == []
