"""A disk that is full or shut: the job is tried again, and says what there is to mend."""

import errno
import resource
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Retry
from media.filing import file_away
from media.places import place
from media.storage import WholeFileStorage


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "full"), (errno.EROFS, "may not be written"), (errno.EIO, "does not work")],
)
def test_a_disk_that_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(number, "so it is")

    monkeypatch.setattr(WholeFileStorage, "_write", refuse)
    with pytest.raises(Retry, match=words):
        file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def test_a_folder_that_nobody_may_write_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("no folder")

    with pytest.raises(Retry, match="the disk for files"):
        file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def test_a_folder_on_which_nothing_can_be_written_is_named(settings: Settings) -> None:
    settings.MEDIA_ROOT = Path("/sys/halyard")

    with pytest.raises(Retry, match="the disk for files may not be written"):
        file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def test_a_file_that_does_not_fit_leaves_nothing_half(settings: Settings) -> None:
    """The kernel refuses in mid-write, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(Retry, match="the disk for files is full"):
            file_away(bytes(3_000_000), key="export:1", folder="exports", suffix=".csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def test_a_disk_that_cannot_be_read_is_not_a_lost_file(settings: Settings) -> None:
    filed = file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")
    path = Path(settings.MEDIA_ROOT, filed.name)
    path.unlink()
    path.symlink_to(path.name)  # a loop: it is there, and cannot be opened

    with pytest.raises(Retry, match="the disk for files"):
        place("local").fetch(filed.name)
