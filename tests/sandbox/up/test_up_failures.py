"""What the supervisor does when a process does not do what it should."""

import signal
import socket
from collections.abc import Iterator

import pytest

from sandbox.servers.process import wait_for
from tests.sandbox.up.running_stack import TELL, MakeStack, program


def test_a_dead_application_is_restarted_three_times_then_the_stack_stops(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(program("beat"), program("web")).started()

    for count in (1, 2, 3):
        gone = stack.kill("beat")
        assert stack.says(f"beat ended (signal SIGKILL): restarting ({count} of 3)")
        assert stack.lives_again("beat", after=gone)
    stack.kill("beat")

    assert stack.ends() == 1
    assert "Halyard stops: beat ended (signal SIGKILL) for the 4th time" in stack.output
    assert "make up goes on where this stopped" in stack.output
    assert stack.family() == []


@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_a_dead_server_stops_the_stack_and_the_next_start_recovers(
    make_stack: MakeStack, server: str
) -> None:
    stack = make_stack(program("web"), servers=True).started()

    stack.kill(server)

    assert stack.ends() == 1
    assert f"Halyard stops: {server} ended (signal SIGKILL)" in stack.output
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
