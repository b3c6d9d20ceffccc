"""Files: whole or not there, and written again without a trace."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from media import storage
from media.filing import Filed, file_away, file_path_away
from media.other import Other
from media.unfinished import unfinished

STORAGES = ["django.core.files.storage.FileSystemStorage", "media.storage.WholeFileStorage"]


@pytest.fixture(params=STORAGES)
def stored(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": request.param}}


def filed_paper() -> Filed:
    return file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def names() -> list[str]:
    folders, _ = default_storage.listdir("documents")
    return [
        name for folder in folders for name in default_storage.listdir(f"documents/{folder}")[1]
    ]


@pytest.mark.usefixtures("stored")
def test_the_same_content_is_the_same_file() -> None:
    assert filed_paper() == filed_paper()
    assert len(names()) == 1


@pytest.mark.usefixtures("stored")
def test_a_name_says_where_by_whom_and_what_is_in_it() -> None:
    drawn = file_away(b"paint", key="picture:mug:1", folder="pictures", suffix=".avif")

    assert drawn.sha256 == hashlib.sha256(b"paint").hexdigest()
    folder, part, name = drawn.name.split("/")
    assert (folder, part) == ("pictures", drawn.sha256[:2])
    assert name == f"picture-mug-1-{drawn.sha256[:16]}.avif"


@pytest.mark.usefixtures("stored")
def test_what_a_killed_process_left_half_written_is_replaced() -> None:
    filed = filed_paper()
    default_storage.delete(filed.name)
    default_storage.save(filed.name, ContentFile(b"pap"))

    filed_paper()

    with default_storage.open(filed.name) as file:
        assert file.read() == b"paper"


def test_a_twin_that_was_quicker_leaves_one_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the storage would not overwrite, and picks another name."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": STORAGES[0]}}
    save = Other._save

    def overtaken(self: Other, name: str, content: IO[bytes]) -> None:
        default_storage.save(name, ContentFile(b"paper"))
        save(self, name, content)

    monkeypatch.setattr(Other, "_save", overtaken)
    filed = filed_paper()

    assert names() == [filed.name.rpartition("/")[2]]


def test_a_write_that_breaks_off_leaves_nothing(settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": STORAGES[1]}}

    class Breaking(ContentFile):  # type: ignore[type-arg]  # generic in the stubs only
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"pap"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        default_storage.save("documents/ab/x.pdf", Breaking(b"paper"))
    assert names() == []


@pytest.fixture
def synced(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was synced, in its order, below the folder of this test."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": STORAGES[1]}}
    above, seen = Path(settings.MEDIA_ROOT).parent, []
    fsync = os.fsync

    def noticed(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        seen.append("file" if path.is_file() else path.relative_to(above).as_posix())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noticed)
    return seen


def test_the_names_that_lead_to_a_file_survive_a_power_cut_as_it_does(synced: list[str]) -> None:
    default_storage.save("documents/ab/x.pdf", ContentFile(b"paper"))

    assert synced == ["file", "media/documents/ab", "media/documents", "media", "."]


def test_a_folder_that_a_twin_has_just_made_is_synced_too(synced: list[str]) -> None:
    Path(default_storage.path("documents/ab")).mkdir(parents=True)
    default_storage.save("documents/ab/x.pdf", ContentFile(b"paper"))

    assert synced == ["file", "media/documents/ab", "media/documents", "media"]


def test_a_folder_is_synced_once_the_file_has_its_name(
    synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = []
    monkeypatch.setattr(storage, "sync", lambda folder: there.append((folder / "x.pdf").exists()))
    default_storage.save("documents/x.pdf", ContentFile(b"paper"))

    assert there[0]


@pytest.fixture
def on_disk(settings: Settings) -> Path:
    """The storage on a disk; the folder of the data."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": STORAGES[1]}}
    home = Path(settings.MEDIA_ROOT).parent
    settings.DATA_DIR = home
    return home


def test_an_unfinished_file_on_the_same_disk_is_not_copied_but_gets_a_second_name(
    on_disk: Path,
) -> None:
    with unfinished("export") as folder:
        written = folder / "written.csv"
        written.write_bytes(b"a,b\n")
        filed = file_path_away(written, key="export:1", folder="exports", suffix=".csv")
        assert written.samefile(default_storage.path(filed.name))

    assert Path(default_storage.path(filed.name)).read_bytes() == b"a,b\n"


def test_what_somebody_else_may_still_write_is_copied(on_disk: Path) -> None:
    on_disk.mkdir(parents=True, exist_ok=True)
    theirs = on_disk / "theirs.csv"
    theirs.write_bytes(b"a,b\n")
    filed = file_path_away(theirs, key="import:1", folder="exports", suffix=".csv")

    theirs.write_bytes(b"other")

    assert Path(default_storage.path(filed.name)).read_bytes() == b"a,b\n"
