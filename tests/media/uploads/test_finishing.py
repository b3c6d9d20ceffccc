"""What becomes of an upload that is whole: an asset, once, or a sentence."""

import os

import pytest

from deferral.models import Event
from media.models import Asset, Upload
from media.places import place
from media.sweeping import sweep_files
from media.uploads import finishing, local
from tests.media.uploads.sending import GONE, WHO, attached, begun, content, finish, send, sent

pytestmark = pytest.mark.django_db

WHOLE = content()


@pytest.fixture
def whole() -> Upload:
    """All of it is here."""
    return sent(WHOLE)


def test_it_is_filed_recorded_and_attached(whole: Upload) -> None:
    job = finish(whole)
    asset = whole.asset

    assert (job.state, whole.state) == ("done", "done")
    assert asset is not None
    assert asset.read() == WHOLE
    assert (asset.kind, asset.format, asset.uploaded_by) == ("film", "mp4", WHO)
    assert asset.verdict == Asset.Verdict.UNSEEN
    assert attached() == [(asset.pk, "for 1")]
    assert not local.path_of(whole.tag).exists()
    assert Event.objects.filter(type="media.asset_received", subject=asset.subject).count() == 1


def test_it_gets_a_second_name_and_is_not_copied(whole: Upload) -> None:
    before = local.path_of(whole.tag).stat().st_ino
    finish(whole)

    assert whole.asset is not None
    with whole.asset.open() as file:
        assert os.fstat(file.fileno()).st_ino == before


def test_what_came_two_days_ago_is_young_where_it_is_filed(
    whole: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(local.path_of(whole.tag), (0, 0))

    def swept(point: str) -> None:
        if point == "upload_filed":
            assert sweep_files("local", lambda _: None) == 0

    monkeypatch.setattr(finishing, "crashpoint", swept)
    finish(whole)

    assert whole.asset is not None
    assert whole.asset.read() == WHOLE


def test_once_more_changes_nothing(whole: Upload) -> None:
    finish(whole)
    finish(whole)

    assert (Asset.objects.count(), len(attached())) == (1, 1)


def test_what_it_was_for_may_be_gone_by_then() -> None:
    upload = sent(WHOLE, subject=GONE)
    job = finish(upload)

    assert (job.state, upload.state) == ("done", "refused")
    assert upload.said == "What it was for is not there any more."
    assert not Asset.objects.exists()
    assert not list(place("local").names(Asset.folder))


def test_bytes_that_changed_on_the_disk_are_not_filed(whole: Upload) -> None:
    with local.path_of(whole.tag).open("r+b") as file:
        file.seek(2_000)
        file.write(b"x")
    finish(whole)

    assert (whole.state, whole.said) == ("refused", finishing.DAMAGED)


def test_bytes_that_are_lost_by_then_are_said_to_be(whole: Upload) -> None:
    local.path_of(whole.tag).unlink()
    finish(whole)

    assert (whole.state, whole.said) == ("refused", finishing.DAMAGED)


def test_nothing_is_done_with_what_is_on_its_way() -> None:
    upload = send(begun(), WHOLE, 0, 1_500)
    finish(upload)

    assert (upload.state, Asset.objects.count()) == ("open", 0)
    assert local.path_of(upload.tag).exists()
