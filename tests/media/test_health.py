"""What the doctor says of files."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from media.health import check_files
from tests.media.answering import answering, error
from tests.rig.buckets import bucket_at, use_bucket
from tests.rig.ports import free_ports
from tests.rig.s3 import S3Server

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
    assert found["files s3"].detail.endswith(
        "takes new files; browsers get files, "
        "scripts of our pages do not (manage.py prepare_bucket)"
    )
    assert found["files local"].detail.endswith("is read from")


def test_a_bucket_with_a_wrong_key_is_ill_and_says_why(bucket: Any, settings: Settings) -> None:
    settings.STORAGES["s3"]["OPTIONS"]["secret_key"] = "wrong"
    use_bucket(settings, settings.BUCKET)
    settings.STORAGES["default"]["OPTIONS"]["secret_key"] = "wrong"
    ill = [one for one in check_files() if not one.well]

    assert [one.name for one in ill] == ["files s3"]
    assert "BUCKET_SECRET" in ill[0].detail


def test_a_bucket_that_was_told_lets_our_pages_read_and_no_others(
    bucket: Any, settings: Settings
) -> None:
    call_command("prepare_bucket")
    [rule] = bucket.get_bucket_cors(Bucket=bucket.bucket)["CORSRules"]
    found = {one.name: one for one in check_files()}

    assert rule["AllowedOrigins"] == [settings.SITE_URL]
    assert found["files s3"].detail.endswith("takes new files; browsers get files")


def test_without_a_bucket_there_is_nothing_to_prepare() -> None:
    with pytest.raises(CommandError, match="BUCKET_NAME"):
        call_command("prepare_bucket")


def test_an_address_that_browsers_are_refused_at_is_ill(
    bucket: Any, settings: Settings, s3_server: S3Server
) -> None:
    with answering(403, error("SignatureDoesNotMatch")) as url:
        changes = {"name": bucket.bucket, "public_url": url}
        use_bucket(settings, bucket_at(s3_server.url, **changes))
        found = {one.name: one for one in check_files()}

    assert not found["files s3"].well
    assert "a signed address answers 403" in found["files s3"].detail


def test_an_address_that_only_browsers_reach_is_no_illness(
    bucket: Any, settings: Settings, s3_server: S3Server
) -> None:
    nowhere = f"http://127.0.0.1:{free_ports(1)[0]}"
    changes = {"name": bucket.bucket, "public_url": nowhere}
    use_bucket(settings, bucket_at(s3_server.url, **changes))
    found = {one.name: one for one in check_files()}

    assert found["files s3"].well
    assert "was not reached from here" in found["files s3"].detail
