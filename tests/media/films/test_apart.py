"""A program of its own: it keeps its limits, and ends with whatever started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from pytest_django.fixtures import Settings

from media.films.apart import LAUNCHED, NOT_BEGUN, Limits, Program, running
from media.films.errors import ProgramFailed, Stuck
from tests.rig.waiting import eventually

LIMITS = Limits(cpu=20, size=1_000_000, memory=200_000_000)
# It starts another, as a program may, and then neither ends by itself.
TWO = """
import subprocess, sys, time
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(other.pid, flush=True)
time.sleep(60)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def is_gone(pid: int) -> bool:
    """Ended, and more than a name that nobody has asked for."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def both(program: Program) -> list[int]:
    return [program.process.pid, int(next(program.lines(patience=10)))]


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded, KeyboardInterrupt, GeneratorExit])
def test_whatever_ends_the_block_ends_the_program_and_what_it_has_started(
    error: type[BaseException],
) -> None:
    found: list[int] = []

    def interrupted() -> None:
        with running(python(TWO), limits=LIMITS) as program:
            found.extend(both(program))
            raise error

    with pytest.raises(error):
        interrupted()
    assert len(found) == 2
    eventually(lambda: all(map(is_gone, found)))


def test_one_that_is_stopped_says_nothing_and_is_ended() -> None:
    with running(python(TWO), limits=LIMITS) as program:
        found = both(program)
        os.killpg(program.process.pid, signal.SIGSTOP)
        with pytest.raises(Stuck):
            next(program.lines(patience=0.3))

    eventually(lambda: all(map(is_gone, found)))


def test_nothing_is_waited_for_that_says_nothing() -> None:
    waits = running(python("import time; time.sleep(60)"), limits=LIMITS)
    with waits as program, pytest.raises(Stuck):
        program.read(patience=0.3)


def test_it_dies_with_a_parent_that_was_killed() -> None:
    """Which cannot end it any more."""
    code = f"""
import subprocess, os, sys, time
launched = [sys.executable, "-I", "-S", {LAUNCHED!r}, str(os.getpid()), "9", "999", "99999999", "0"]
says = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
subprocess.Popen([*launched, sys.executable, "-c", says])
time.sleep(60)
"""
    parent = subprocess.Popen(python(code), stdout=subprocess.PIPE, text=True)  # noqa: S603  ours
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert not is_gone(child)
    parent.kill()
    parent.wait()  # and not until the child ends, which has its output, too
    parent.stdout.close()

    eventually(lambda: is_gone(child))


def test_it_does_not_begin_where_its_parent_has_died_before() -> None:
    arguments = [str(os.getpid() + 1), "20", "1000", "9", "0", sys.executable, "-c", "print('on')"]
    command = [sys.executable, "-I", "-S", LAUNCHED, *arguments]
    found = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  ours

    assert (found.returncode, found.stdout) == (NOT_BEGUN, b"")


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("while True: pass", "SIGXCPU|SIGKILL"),
        ("open('large', 'wb').write(bytes(2_000_000))", "SIGXFSZ|exit code 1"),
    ],
)
def test_it_neither_computes_nor_writes_more_than_it_may(
    code: str, ended: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(ProgramFailed, match=ended),
        running(python(code), limits=Limits(cpu=1, size=1_000_000)) as program,
    ):
        program.end()


def test_it_takes_no_more_memory_than_it_may() -> None:
    fails = running(python("bytearray(300_000_000)"), limits=LIMITS)
    with pytest.raises(ProgramFailed, match="MemoryError"), fails as program:
        program.end()


def test_its_complaints_are_on_the_volume_of_the_data(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in memory, which a temporary folder may be."""
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    settings.DATA_DIR = tmp_path
    code = "import os; print(os.readlink('/proc/self/fd/2'), flush=True)"
    with running(python(code), limits=LIMITS) as program:
        assert next(program.lines(patience=10)).startswith(str(tmp_path))


def test_it_has_neither_our_environment_nor_our_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for others")
    code = """
import os, resource
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print("SECRET_KEY" in os.environ, status["NoNewPrivs"].strip(), os.nice(0))
print(resource.getrlimit(resource.RLIMIT_CORE)[1], os.getsid(0) == os.getpid())
"""
    with running(python(code), limits=LIMITS) as program:
        lines = list(program.lines(patience=10))
        program.end()

    assert lines[0].split()[:2] == ["False", "1"]
    assert int(lines[0].split()[2]) >= 10
    assert lines[1] == "0 True"


def test_what_it_complains_of_is_told() -> None:
    fails = running(python("raise OSError(5)"), limits=LIMITS)
    with pytest.raises(ProgramFailed) as told, fails as program:
        program.end()

    assert "exit code 1: OSError: 5" in str(told.value)
    assert "Traceback" in told.value.words


def test_a_person_is_told_its_name_without_its_version(tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg-linux-x86_64-v9.0.2"
    program.symlink_to("/bin/false")
    with pytest.raises(ProgramFailed) as told, running([str(program)], limits=LIMITS) as fails:
        fails.end()

    assert told.value.cause == "ffmpeg fails"
