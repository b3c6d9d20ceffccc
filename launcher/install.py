"""Makes `.venv` and installs a pinned requirements file into it, when that file has changed.

Runs under whatever python3 the machine has, before anything is installed: stdlib only, no
import of ours, and so one file. Every failure is one sentence; the installer's own words are kept
in a file. It takes a minute or two, and says all the while how far it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
UNREACHABLE = re.compile(
    r"Max retries|NewConnectionError|ConnectTimeout|ReadTimeout|name resolution|ProxyError"
    r"|from versions: none|Failed to fetch|error sending request|dns error|Connection refused"
)


def main(names: list[str]) -> int:
    """Install `requirements/NAME.txt` for every name; prints nothing when nothing is to do."""
    try:
        check_machine()
        with_lock(names)
    except Impossible as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; the next start goes on from here.\n")
        return 130
    return 0


class Impossible(Exception):
    """The message is one sentence for the person."""


def check_machine() -> None:
    """Refuse an operating system or a Python that cannot work, before anything is made."""
    if sys.platform != "linux":
        raise Impossible(
            "Halyard's laptop servers need Linux: the kernel ends them with the supervisor "
            "(PR_SET_PDEATHSIG), which macOS cannot. Use a Linux machine, VM or container."
        )
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:2]))
        msg = f"Halyard needs Python 3.11 or newer; python3 is {have}.{_newer()}"
        raise Impossible(msg)


def _newer() -> str:
    for minor in range(19, 10, -1):
        if shutil.which(f"python3.{minor}"):
            return f" python3.{minor} is installed: make up PYTHON=python3.{minor}"
    return ""


def with_lock(names: list[str]) -> None:
    """Install while nobody else does: the lock is on the checkout's directory itself."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for name in names:
            install(ROOT / "requirements" / f"{name}.txt")
    finally:
        os.close(descriptor)


def install(requirements: Path) -> None:
    """Install the file unless its stamp says that this Python has it already."""
    stamp = VENV / f"installed-{requirements.stem}"
    wanted = f"{sys.version_info[:2]} {hashlib.sha256(requirements.read_bytes()).hexdigest()}\n"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    began = time.monotonic()
    say(f"Installing {requirements.name} into .venv: a minute or two, once")
    make_venv()
    say(f"  1 of 3  environment ready   {time.monotonic() - began:5.1f} s")
    run_installer(requirements)
    say(f"  3 of 3  packages installed  {time.monotonic() - began:5.1f} s")
    stamp.write_text(wanted)


def make_venv() -> None:
    """Make `.venv` unless a working one is there; a half-made or broken one is made anew."""
    if _works():
        return
    said = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if said.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Impossible(_why_no_venv(said.stdout))


def _works() -> bool:
    try:
        return _run([str(PYTHON), "-m", "pip", "--version"]).returncode == 0
    except OSError:
        return False


def _why_no_venv(words: str) -> str:
    if "ensurepip" in words or "No module named venv" in words:
        package = f"python3.{sys.version_info[1]}-venv"
        return f"Python's venv module is incomplete; on Debian and Ubuntu: apt install {package}"
    return f"Python could not make {VENV}: {words.strip().splitlines()[-1]}"


def run_installer(requirements: Path) -> None:
    """Exactly the pinned files, as wheels: nothing is built, no code runs while installing."""
    flags = ["--require-hashes", "--only-binary=:all:", "-r", str(requirements)]
    log = VENV / "install.log"
    failed = _watched([*_installer(), *flags], log, Progress(requirements.read_text()))
    said = log.read_text(errors="replace")
    if failed and UNREACHABLE.search(said):
        msg = f"The package registry cannot be reached: try again later. See {log}."
        raise Impossible(msg)
    if failed:
        last = (said.strip().splitlines() or ["nothing was said"])[-1]
        msg = f"Installing failed, see {log}, which ends with: {last}"
        raise Impossible(msg)


def _watched(command: list[str], log: Path, progress: Progress) -> int:
    """Run it, its words in `log`, and say how far it is; return its exit code."""
    with log.open("w") as words:
        process = subprocess.Popen(command, stdout=words, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        while process.poll() is None:
            progress.show(log.read_text(errors="replace"), installed())
            time.sleep(0.2)
    finally:
        process.terminate()
        process.wait()
        progress.close()
    return process.returncode


def installed() -> int:
    """How many packages are in the environment."""
    return sum(1 for _ in VENV.glob("lib/python*/site-packages/*.dist-info"))


class Progress:
    """How far an installer is: by the packages it has named, then by those that are there.

    A terminal has one line that changes; anything else a line every ten seconds.
    """

    EVERY = 10.0

    def __init__(self, requirements: str) -> None:
        self.total = len(re.findall(r"^[\w.\[\]-]+==", requirements, re.MULTILINE))
        self.before = installed()
        self.step, self.began, self.told = 2, time.monotonic(), time.monotonic()

    def show(self, words: str, there: int) -> None:
        """Say it, as often as is wanted."""
        named = len(re.findall(r"^(?:Collecting|Ignoring) ", words, re.MULTILINE))
        step = 3 if "Installing collected packages" in words or there > self.before else 2
        if step != self.step:
            self.step, self.began = step, time.monotonic()
        done = min(named if step == 2 else there - self.before, self.total)
        line = f"  {step} of 3  {STEPS[step]} {done} of {self.total}{self._left(done)}"
        if sys.stdout.isatty():
            sys.stdout.write(f"\r{line}\x1b[K")
            sys.stdout.flush()
        elif time.monotonic() - self.told >= self.EVERY:
            self.told = time.monotonic()
            say(line)

    def _left(self, done: int) -> str:
        spent = time.monotonic() - self.began
        if done < 5 or spent < 1:
            return ""
        return f", about {max(1, round(spent / done * (self.total - done)))} s left"

    def close(self) -> None:
        """The changing line gives way to what comes next."""
        if sys.stdout.isatty():
            sys.stdout.write("\r\x1b[K")
            sys.stdout.flush()


STEPS = {2: "fetching packages,", 3: "unpacking packages,"}


def say(line: str) -> None:
    """To whoever watches."""
    print(line, flush=True)  # noqa: T201


def _installer() -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    pip = [str(PYTHON), "-m", "pip", "install", "--progress-bar=off", "--disable-pip-version-check"]
    return [*pip, "--no-input", "--retries=2"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  the commands are written above
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
