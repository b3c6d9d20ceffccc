"""What is said when nothing can be installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import install


@pytest.fixture(autouse=True)
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing here touches the checkout's own `.venv`."""
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    return tmp_path / ".venv"


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(install.Impossible, match=r"needs Python 3.11 or newer; python3 is 3.9"):
        install.check_machine()


def test_a_newer_python_that_is_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda name: name == "python3.12" or None)
    with pytest.raises(install.Impossible, match=r"make up PYTHON=python3\.12"):
        install.check_machine()


def test_macos_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(install.Impossible, match="PR_SET_PDEATHSIG"):
        install.check_machine()


def test_a_missing_ensurepip_is_named_with_its_package() -> None:
    words = "The virtual environment was not created because ensurepip is not available."
    assert "apt install python3." in install._why_no_venv(words)


def test_a_file_is_installed_once_and_again_when_it_changes(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Path] = []
    (venv / "bin").mkdir(parents=True)
    install.PYTHON.touch()
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "run_installer", ran.append)
    pins = tmp_path / "sandbox.txt"
    for content in ("a==1", "a==1", "a==2"):
        pins.write_text(content)
        install.install(pins)

    assert ran == [pins, pins]


def test_an_interrupted_installation_is_tried_again(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.mkdir()
    monkeypatch.setattr(install, "make_venv", lambda: None)
    pins = tmp_path / "sandbox.txt"
    pins.write_text("a==1")

    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(install, "run_installer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        install.install(pins)

    assert not list(venv.iterdir())


def test_it_says_how_far_it_is_and_how_long_it_takes_yet(
    venv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.Progress, "EVERY", 0.0)
    venv.mkdir()
    pins = "".join(f"package{n}==1 \\\n    --hash=sha256:0\n" for n in range(20))
    progress = install.Progress(pins)
    named = "".join(f"Collecting package{n}==1\n" for n in range(10))

    progress.show("Collecting package0==1\n", 0)
    progress.began -= 10
    progress.show(named, 0)
    progress.show(f"{named}Installing collected packages: package0\n", 3)

    assert capsys.readouterr().out.splitlines() == [
        "  2 of 3  fetching packages, 1 of 20",
        "  2 of 3  fetching packages, 10 of 20, about 10 s left",
        "  3 of 3  unpacking packages, 3 of 20",
    ]


@pytest.mark.usefixtures("starts_processes")
def test_an_unreachable_registry_is_one_sentence(
    tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_NO_INDEX": "",
        "PIP_FIND_LINKS": "",
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
    }.items():
        monkeypatch.setenv(name, value)
    venv.mkdir()
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    pins = tmp_path / "sandbox.txt"
    pins.write_text("halyard-nothing==1 --hash=sha256:" + "0" * 64)

    with pytest.raises(install.Impossible) as refusal:
        install.run_installer(pins)
    assert str(refusal.value).startswith("The package registry cannot be reached")


@pytest.mark.usefixtures("starts_processes")
def test_a_broken_venv_is_made_anew_and_a_good_one_kept(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    run = install._run

    def remember(command: list[str]) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return run(["true"] if "venv" in command else command)

    monkeypatch.setattr(install, "_run", remember)
    (venv / "bin").mkdir(parents=True)
    install.PYTHON.symlink_to("/nowhere/python3")
    install.make_venv()
    assert ran[-1] == [sys.executable, "-m", "venv", "--clear", str(venv)]

    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    install.make_venv()
    assert ran[-1] == [sys.executable, "-m", "pip", "--version"]
