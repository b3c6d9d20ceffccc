"""No row outlives its file in a power cut, although the next part is read meanwhile."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from reports.models import ExportFile
from tests.reports.exports.exporting import orders, written


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The inodes of all that was synced."""
    seen: set[int] = set()
    fsync = os.fsync

    def noticed(handle: int) -> None:
        fsync(handle)
        seen.add(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", noticed)
    return seen


def test_a_row_is_written_when_its_file_and_the_folder_of_its_name_are_synced(
    clerk: Any, synced: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = []
    save = ExportFile.save

    def checked(self: ExportFile, *args: Any, **kwargs: Any) -> None:
        path = Path(default_storage.path(str(self.file.name)))
        saved.append({path.stat().st_ino, path.parent.stat().st_ino} <= synced)
        save(self, *args, **kwargs)

    monkeypatch.setattr(ExportFile, "save", checked)
    monkeypatch.setattr(settings, "EXPORT_PART_ROWS", 2)
    orders(7)
    written(clerk)

    assert saved == [True] * 5  # four parts, and the whole
