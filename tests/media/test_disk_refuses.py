"""A disk that is full or shut: the job is tried again, and says what there is to mend."""

import errno
from pathlib import Path
from typing import Any

import pytest

from deferral.errors import Retry
from media.filing import file_away
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
