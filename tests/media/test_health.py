"""What the doctor says of files."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from media.health import check_files
from tests.rig.buckets import use_bucket

pytestmark = pytest.mark.django_db


def test_a_disk_is_tried_and_left_as_it_was(settings: Settings) -> None:
    [found] = check_files()

    assert found.well
    assert "GB free" in found.detail
    assert not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def test_a_disk_that_cannot_be_written_is_ill(settings: Settings) -> None:
    Path(settings.MEDIA_ROOT).write_text("no folder")
    [found] = check_files()

    assert not found.well
    assert "the disk for files" in found.detail


def test_a_bucket_and_the_disk_have_a_line_each(bucket: Any, settings: Settings) -> None:
    found = {one.name: one for one in check_files()}

    assert all(one.well for one in found.values())
    assert found["files s3"].detail.endswith("takes new files")
    assert found["files local"].detail.endswith("is read from")


def test_a_bucket_with_a_wrong_key_is_ill_and_says_why(bucket: Any, settings: Settings) -> None:
    settings.STORAGES["s3"]["OPTIONS"]["secret_key"] = "wrong"
    use_bucket(settings, settings.BUCKET)
    settings.STORAGES["default"]["OPTIONS"]["secret_key"] = "wrong"
    ill = [one for one in check_files() if not one.well]

    assert [one.name for one in ill] == ["files s3"]
    assert "BUCKET_SECRET" in ill[0].detail
