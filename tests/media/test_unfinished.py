"""A folder for what is being written is its maker's while he lives, and nobody's afterwards."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from media.unfinished import sweep_unfinished, unfinished
from tests.rig.surroundings import ROOT

MAY_START = pytest.mark.usefixtures("starts_processes")
MAKER = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(DATA_DIR=Path(sys.argv[1]))
from media.unfinished import unfinished
with unfinished("export") as folder:
    (folder / "half.csv").write_bytes(b"half")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _own_disk(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@contextmanager
def another_process(data: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """It has made a folder, and writes in it."""
    command = [sys.executable, "-c", MAKER, str(data)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - ours
        command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe
    ) as process:
        assert process.stdout
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_a_folder_is_on_the_volume_of_the_data_and_gone_after_the_block(tmp_path: Path) -> None:
    with unfinished("export") as folder:
        (folder / "some.csv").write_bytes(b"some")
        assert tmp_path in folder.parents

    assert not folder.exists()


@MAY_START
def test_what_a_killed_process_left_is_gone_before_the_next_begins(tmp_path: Path) -> None:
    with another_process(tmp_path) as (process, left):
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (left / "half.csv").exists()

        with unfinished("export") as folder:
            assert not left.exists()
            assert folder.exists()


@MAY_START
def test_the_folder_of_one_that_lives_stays(tmp_path: Path) -> None:
    with another_process(tmp_path) as (_, theirs), unfinished("export") as ours:
        assert sweep_unfinished() == 0
        assert (theirs / "half.csv").exists()
        assert ours.exists()


def test_the_sweep_counts_what_was_left(tmp_path: Path) -> None:
    (tmp_path / "unfinished" / "export-left").mkdir(parents=True)

    assert sweep_unfinished() == 1
    assert sweep_unfinished() == 0
