"""What nobody needs is deleted, and nothing else."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.handlers import job
from deferral.models import JobStep
from media import sweeping, tasks
from media.errors import TooManyUnneeded
from media.filing import file_away
from media.places import place
from media.sweeping import sweep_files, sweep_remains
from tests.media.conftest import Write
from tests.rig.jobs import run_as_a_worker

LONG_AGO = time.time() - 2 * 86_400


def sweep(where: str = "local") -> dict[str, int]:
    return {"files": sweep_files(where, lambda _: None), "remains": sweep_remains(where)}


def orphan(content: bytes = b"nobody's") -> str:
    return file_away(content, key="receipt:9", folder="documents", suffix=".pdf").name


def aged(settings: Settings) -> None:
    """Everything on the disk is two days old."""
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            os.utime(path, (LONG_AGO, LONG_AGO))


def test_a_file_without_a_row_is_deleted_after_a_day(settings: Settings, write: Write) -> None:
    document, lost = write(), orphan()
    assert sweep() == {"files": 0, "remains": 0}
    aged(settings)

    assert sweep() == {"files": 1, "remains": 0}
    assert place("local").look(lost) is None
    assert document.read() == b"paper"


def test_a_file_that_a_job_has_just_found_again_is_young(settings: Settings, db: None) -> None:
    orphan()
    aged(settings)
    orphan()

    assert sweep()["files"] == 0


def test_what_a_row_has_forgotten_is_deleted(settings: Settings, write: Write) -> None:
    document = write()
    document.forget()
    write(key="receipt:2")
    orphan(b"paper")
    type(document).objects.filter(pk=document.pk).update(file=orphan())
    aged(settings)

    assert sweep()["files"] == 2


def test_what_others_keep_in_the_same_storage_is_theirs(settings: Settings, db: None) -> None:
    for name in ("documents/letter.pdf", "uploads/ab/picture-abcdefabcdefabcd.png"):
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"theirs")
    aged(settings)

    assert sweep() == {"files": 0, "remains": 0}


def test_what_a_killed_writer_left_aside_is_counted_and_deleted(
    settings: Settings, write: Write
) -> None:
    path = Path(settings.MEDIA_ROOT, str(write().file.name))
    path.with_name(f".{path.name}.0123456789ab").write_bytes(b"pap")
    assert sweep()["remains"] == 0
    aged(settings)

    assert sweep() == {"files": 0, "remains": 1}


def test_a_storage_full_of_what_nobody_knows_is_left_to_a_person(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    monkeypatch.setattr(sweeping, "ROOM", 0)
    write()
    names = [orphan(), orphan(b"nor mine")]
    aged(settings)

    with pytest.raises(TooManyUnneeded, match="2 without a row, 1 with one"):
        sweep()
    assert all(place("local").look(name) for name in names)


def test_a_bucket_is_swept_of_files_and_of_uploads_nobody_finished(
    bucket: Any, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    document, lost = write(), orphan()
    bucket.create_multipart_upload(Bucket=bucket.bucket, Key="documents/ab/x.pdf")
    monkeypatch.setattr(sweeping, "KEPT", -sweeping.KEPT)

    assert sweep("s3") == {"files": 1, "remains": 1}
    assert place("s3").look(lost) is None
    assert document.read() == b"paper"


def test_what_is_written_anew_while_the_sweep_goes_on_is_not_deleted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    orphan()
    aged(settings)
    found = sweeping._unneeded

    def meanwhile(*given: Any) -> Any:
        then = found(*given)
        orphan()
        return then

    monkeypatch.setattr(sweeping, "_unneeded", meanwhile)

    assert sweep()["files"] == 0


def test_a_row_that_comes_while_the_sweep_goes_on_keeps_its_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    document = write()
    aged(settings)
    kept = [set(), {str(document.file.name)}]
    monkeypatch.setattr(sweeping, "needed", lambda _: kept.pop(0))

    assert sweep()["files"] == 0
    assert document.read() == b"paper"


def test_every_night_it_is_a_job_that_says_what_it_deleted(
    settings: Settings, write: Write, tmp_path: Path
) -> None:
    write()
    orphan()
    aged(settings)
    settings.DATA_DIR = tmp_path  # its own: of others somebody may have been killed in there
    run_as_a_worker(job(tasks.sweep, key="sweep"))

    results = dict(JobStep.objects.values_list("name", "result"))
    assert results == {"files in local": 1, "remains in local": 0}
