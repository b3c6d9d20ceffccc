"""Makes `.venv` and installs a pinned requirements file into it, when that file has changed.

Runs under whatever python3 the machine has, before anything is installed: stdlib only, no
import of ours. Every failure is one sentence; the installer's own words are kept in a file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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
    print(f"Installing {requirements.name} into .venv ...", flush=True)  # noqa: T201
    make_venv()
    run_installer(requirements)
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
    said = _run([*_installer(), *flags])
    log = VENV / "install.log"
    log.write_text(said.stdout)
    if said.returncode and UNREACHABLE.search(said.stdout):
        msg = f"The package registry cannot be reached: try again later. See {log}."
        raise Impossible(msg)
    if said.returncode:
        last = said.stdout.strip().splitlines()[-1]
        msg = f"Installing failed, see {log}, which ends with: {last}"
        raise Impossible(msg)


def _installer() -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [*pip, "--no-input", "--retries=2"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  the commands are written above
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
