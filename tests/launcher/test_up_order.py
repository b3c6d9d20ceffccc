"""What starts after what, and what ends before what."""

import re
import signal

from tests.rig.running_stack import STEADY, TELL, MakeStack, program


def test_everything_is_ready_before_ready_is_said(make_stack: MakeStack) -> None:
    late = TELL + "time.sleep(1)\nready()\nsignal.pause()"
    stack = make_stack(
        program("seed", "print('sown')", probe=None),
        program("web", after=["seed"]),
        program("beat", late, after=["seed"]),
        servers=True,
        cluster=None,
    ).started()

    said = [stack.output.index(word) for word in ("seed ", "web ", "beat ", "READY")]
    assert said == sorted(said)
    assert re.search(r"^READY after \d+\.\d s, memory \d+ MB \(RSS \d+ MB\)$", stack.output, re.M)
    assert stack.stop() == 0
    assert stack.family() == []


def test_applications_end_before_the_world_the_broker_and_the_database(
    make_stack: MakeStack,
) -> None:
    slow = TELL + "signal.signal(15, lambda *_: (time.sleep(0.5), sys.exit()))\nready()\n"
    stack = make_stack(
        program("world", layer="WORLD"),
        program("worker", slow + "signal.pause()"),
        servers=True,
    ).started()

    stack.signal(signal.SIGINT)

    assert stack.ends() == 0
    ended = re.findall(r"Stopping (\w+)", stack.output)
    assert ended == ["worker", "world", "valkey", "postgres"]
    assert "database system is shut down" in (stack.data_dir / "logs/postgres.log").read_text()


def test_only_the_main_process_is_asked_to_stop(make_stack: MakeStack) -> None:
    family = TELL + (
        "child = os.fork()\n"
        "if child == 0: signal.signal(15, lambda *_: print('child was signalled', flush=True))\n"
        "else: ready()\n"
        "signal.pause()"
    )
    stack = make_stack(program("worker", family)).started()

    assert stack.stop() == 0
    assert "child was signalled" not in (stack.data_dir / "logs/worker.log").read_text()
    assert stack.family() == []


def test_one_that_does_not_listen_is_ended_after_its_grace(make_stack: MakeStack) -> None:
    deaf = "import signal; signal.signal(15, signal.SIG_IGN)\n" + STEADY
    stack = make_stack(program("deaf", deaf + "\nsignal.pause()", grace=1)).started()

    assert stack.stop() == 0
    assert stack.family() == []


def test_a_second_ctrl_c_hurries(make_stack: MakeStack) -> None:
    deaf = "import signal; signal.signal(15, signal.SIG_IGN)\n" + STEADY
    stack = make_stack(program("deaf", deaf + "\nsignal.pause()", grace=60)).started()

    stack.signal(signal.SIGINT)
    assert stack.says("Stopping deaf")
    stack.signal(signal.SIGINT)

    assert stack.ends(patience=5) == 0
    assert stack.family() == []


def test_ctrl_c_while_starting_stops_what_was_started(make_stack: MakeStack) -> None:
    stack = make_stack(program("web"), program("never", TELL + "signal.pause()")).start()
    assert stack.says("web ")

    stack.signal(signal.SIGINT)

    assert stack.ends() == 0
    assert stack.family() == []
