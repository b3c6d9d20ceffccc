"""What is left of uploads that came to nothing: for two days, and then nothing."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Retry
from deferral.handlers import job
from media import tasks
from media.errors import TooManyUnneeded
from media.models import Upload
from media.unfinished import sweep_unfinished, unfinished
from media.uploads import local
from media.uploads.ending import cancel
from media.uploads.sweeping import sweep_uploads
from tests.media.uploads.sending import attached, begun, content, finish, send, sent, waiting_job
from tests.rig.jobs import run_as_a_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def half() -> Upload:
    """Its first bytes are here."""
    return send(begun(), content(), 0, 1_500)


def later(**passed: int) -> None:
    """So much time has passed."""
    Upload.objects.update(moved_at=timezone.now() - timedelta(**passed))


def test_what_is_discarded_leaves_the_disk_at_once(half: Upload) -> None:
    cancel(half.tag)

    half.refresh_from_db()
    assert half.state == "cancelled"
    assert not local.path_of(half.tag).exists()


def test_who_does_not_come_back_for_two_days_has_nothing_left(half: Upload) -> None:
    later(hours=47)
    assert sweep_uploads() == 0
    later(hours=49)

    assert sweep_uploads() == 1
    assert not Upload.objects.exists()
    assert not local.path_of(half.tag).exists()


def test_what_waits_for_its_job_is_kept_for_a_month() -> None:
    whole = sent(content())
    later(days=29)
    assert sweep_uploads() == 0
    assert finish(whole).state == "done"
    later(days=3)

    assert sweep_uploads() == 1
    assert whole.asset is not None
    assert whole.asset.read() == content()


def test_what_is_whole_can_be_discarded_and_its_job_attaches_nothing() -> None:
    whole = sent(content())
    cancel(whole.tag)
    finish(whole)

    assert (whole.state, attached()) == ("cancelled", [])
    assert not local.path_of(whole.tag).exists()


@pytest.mark.parametrize(
    ("state", "days", "gone"),
    [
        ("pending", 99, 0),
        ("paused", 99, 0),
        ("running", 99, 0),
        ("dead", 29, 0),
        ("dead", 31, 1),
        ("discarded", 0, 1),
    ],
)
def test_what_is_whole_is_kept_for_as_long_as_its_job_lives(
    state: str, days: int, gone: int
) -> None:
    whole = sent(content())
    waiting_job(whole, state)
    later(days=days)

    assert sweep_uploads() == gone
    assert local.path_of(whole.tag).exists() is not bool(gone)


def test_one_that_cannot_be_deleted_keeps_none_of_the_others_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half, stuck, other = (begun(name=f"{number}.mp4") for number in range(3))
    for upload in (half, other):
        send(upload, content(), 0, 1_500)
    later(days=3)
    remove = local.remove

    def refuse(tag: str) -> None:
        if tag == stuck.tag:
            raise PermissionError
        remove(tag)

    with monkeypatch.context() as patch:
        patch.setattr(local, "remove", refuse)
        with pytest.raises(Retry):
            sweep_uploads()

    assert list(Upload.objects.values_list("pk", flat=True)) == [stuck.pk]
    assert sweep_uploads() == 1


def test_uploads_are_swept_where_the_sweep_of_the_files_is_a_dead_letter(
    half: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise TooManyUnneeded(2, 1)

    monkeypatch.setattr(tasks, "sweep_files", refuse)
    later(days=3)
    for task in (tasks.sweep, tasks.sweep_uploads):
        with suppress(Bury):
            run_as_a_worker(job(task, key=task.name))

    assert not Upload.objects.exists()


def test_bytes_without_a_row_go_and_a_file_of_others_stays(settings: Settings) -> None:
    begun()
    local.path_of("0000000z").parent.mkdir(exist_ok=True)
    local.path_of("0000000z").write_bytes(b"of a row that a backup lacks")
    notes = Path(settings.DATA_DIR) / "unfinished" / "notes.txt"
    notes.write_bytes(b"")
    sweep_uploads()

    assert not local.path_of("0000000z").exists()
    assert notes.exists()


def test_whoever_tidies_up_after_killed_processes_leaves_it(half: Upload) -> None:
    with unfinished("web"):
        sweep_unfinished()

    assert local.path_of(half.tag).read_bytes() == content()[:1_500]
