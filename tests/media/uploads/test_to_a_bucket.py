"""With a bucket a file goes past us: what the bucket takes, and what a job believes of it."""

import io
from datetime import timedelta
from typing import Any

import pytest
import requests
from botocore.exceptions import ReadTimeoutError
from celery.exceptions import Retry
from django.core.files.storage import storages

from deferral.errors import Retry as Silent
from deferral.models import Event
from media import bucket_incoming
from media.bucket_client import READ
from media.limits import MOST_BYTES, SLOWEST
from media.models import Asset, Upload
from media.uploads import errors, sweeping
from media.uploads.ending import incoming
from media.uploads.finishing import DAMAGED
from media.uploads.noticing import noticed
from media.uploads.parts import say_sent
from media.uploads.status import status
from media.uploads.sweeping import sweep_uploads
from tests.media.uploads.sending import attached, begun, content, finish, send
from tests.media.uploads.test_ending import later

pytestmark = pytest.mark.django_db

WHOLE = content()


def post(upload: Upload, whole: bytes = WHOLE, **changes: str) -> int:
    """As a browser sends the form that it was given."""
    form = status(upload)["form"]
    files = {"file": ("pier.mp4", io.BytesIO(whole))}
    return requests.post(
        form["url"], data=form["fields"] | changes, files=files, timeout=20
    ).status_code


def names(bucket: Any) -> list[str]:
    """What stands in it."""
    found = bucket.list_objects_v2(Bucket=bucket.bucket).get("Contents", [])
    return [each["Key"] for each in found]


def test_it_goes_past_us_and_is_copied_to_where_files_of_ours_stand(bucket: Any) -> None:
    upload = begun()
    assert post(upload) == 204
    say_sent(upload.tag)
    job = finish(upload)

    assert (job.state, upload.state) == ("done", "done")
    assert upload.asset is not None
    assert names(bucket) == [upload.asset.file.name]
    assert (upload.asset.read(), upload.asset.place) == (WHOLE, "s3")
    head = bucket.head_object(Bucket=bucket.bucket, Key=upload.asset.file.name)
    assert head["Metadata"] == {"sha256": upload.asset.sha256}
    assert attached() == [(upload.asset.pk, "for 1")]


@pytest.mark.parametrize(
    ("whole", "changes"),
    [
        (WHOLE + b"x", {}),
        (WHOLE[:-1], {}),
        (WHOLE, {"Content-Type": "text/html"}),
        (WHOLE, {"key": "originals/00/asset-of-somebody"}),
    ],
    ids=["larger", "smaller", "another type", "another name"],
)
def test_the_bucket_refuses_what_was_not_signed(
    bucket: Any, whole: bytes, changes: dict[str, str]
) -> None:
    assert post(begun(), whole, **changes) in {400, 403}
    assert names(bucket) == []


def test_who_says_that_it_is_there_is_not_believed(bucket: Any) -> None:
    upload = begun()
    say_sent(upload.tag)
    say_sent(upload.tag)
    finish(upload)

    assert (upload.state, upload.said) == ("refused", DAMAGED)


def test_another_size_than_was_signed_is_refused_whatever_the_bucket_said(bucket: Any) -> None:
    upload = begun()
    bucket.put_object(Bucket=bucket.bucket, Key=incoming(upload.tag), Body=WHOLE[:-1])
    say_sent(upload.tag)
    finish(upload)

    assert (upload.said, names(bucket)) == (DAMAGED, [])


def test_what_is_no_film_is_refused_and_gone(bucket: Any) -> None:
    upload = begun()
    post(upload, b"#EXTM3U\n".ljust(len(WHOLE), b"x"))
    say_sent(upload.tag)
    finish(upload)

    assert upload.said.startswith("This is a playlist")
    assert names(bucket) == []


def test_what_is_sent_again_while_it_is_looked_at_is_not_taken_for_it(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, version = begun(), bucket_incoming.Incoming.version

    def and_then_again(storage: Any, name: str, *, size: int) -> str:
        found = version(storage, name, size=size)
        bucket.put_object(Bucket=bucket.bucket, Key=name, Body=WHOLE[:-1] + b"x")
        return found

    post(upload)
    say_sent(upload.tag)
    with monkeypatch.context() as patch:
        patch.setattr(bucket_incoming.Incoming, "version", and_then_again)
        with pytest.raises(Retry):
            finish(upload)
    assert not Asset.objects.exists()

    finish(upload)
    assert upload.asset is not None
    assert upload.asset.read() == WHOLE[:-1] + b"x"


def test_what_is_copied_is_what_was_looked_at_also_where_it_comes_back(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, kept = begun(), bucket_incoming.Incoming

    def put(whole: bytes) -> None:
        bucket.put_object(Bucket=bucket.bucket, Key=incoming(upload.tag), Body=whole)

    def and_then_another(*asked: Any, **more: Any) -> str:
        found = version(*asked, **more)
        put(WHOLE[:-1] + b"x")
        return found

    def after_it_came_back(*asked: Any, **more: Any) -> None:
        put(WHOLE)
        adopt(*asked, **more)

    put(WHOLE)
    say_sent(upload.tag)
    version, adopt = kept.version, kept.adopt
    monkeypatch.setattr(kept, "version", and_then_another)
    monkeypatch.setattr(kept, "adopt", after_it_came_back)
    with pytest.raises(Retry):
        finish(upload)

    assert not Asset.objects.exists()


def test_a_copy_whose_answer_is_lost_is_found_and_not_asked_for_again(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, copier = begun(), storages["s3"].copier  # type: ignore[attr-defined]
    copy, asked = copier.copy_object, list[str]()

    def and_is_cut_off(**known: Any) -> None:
        copy(**known)
        asked.append(known["Key"])
        raise ReadTimeoutError(endpoint_url="there")

    monkeypatch.setattr(copier, "copy_object", and_is_cut_off)
    post(upload)
    say_sent(upload.tag)
    with pytest.raises(Retry):
        finish(upload)
    finish(upload)

    assert (upload.state, len(asked)) == ("done", 1)


def test_a_copy_may_take_as_long_as_its_size_allows(bucket: Any) -> None:
    copier, client = (getattr(storages["s3"], name) for name in ("copier", "client"))

    assert copier.meta.config.read_timeout >= MOST_BYTES["film"] / SLOWEST
    assert client.meta.config.read_timeout == READ


def test_what_the_bucket_has_and_nobody_could_say_is_not_sent_again(bucket: Any) -> None:
    upload = begun()
    assert noticed(upload).state == "open"
    post(upload)

    assert noticed(begun()).state == "whole"
    assert Event.objects.filter(type="media.upload_whole").count() == 1


def test_a_bucket_that_does_not_answer_leaves_it_as_it_is(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any, **__: Any) -> str:
        raise Silent("it says nothing")

    monkeypatch.setattr(bucket_incoming.Incoming, "version", silent)

    assert noticed(begun()).state == "open"


def test_no_part_passes_through_us(bucket: Any) -> None:
    with pytest.raises(errors.Over):
        send(begun(), WHOLE, 0, 1_500)


def test_what_was_sent_by_somebody_who_did_not_come_back_is_swept(bucket: Any) -> None:
    post(begun())
    later(days=3)

    assert sweep_uploads() == 1
    assert names(bucket) == []


def test_what_is_sent_after_the_end_by_the_same_form_is_swept(bucket: Any) -> None:
    upload = begun()
    form_of = status(upload)["form"]
    post(upload)
    say_sent(upload.tag)
    finish(upload)
    again = {"file": ("pier.mp4", io.BytesIO(WHOLE))}
    requests.post(form_of["url"], data=form_of["fields"], files=again, timeout=20)
    assert len(names(bucket)) == 2
    later(days=3)
    sweep_uploads()

    assert upload.asset is not None
    assert names(bucket) == [upload.asset.file.name]


def test_what_a_form_brings_after_its_upload_was_swept_goes_the_next_time(
    bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun()
    form_of = status(upload)["form"]
    Upload.objects.all().delete()
    late = {"file": ("pier.mp4", io.BytesIO(WHOLE))}
    requests.post(form_of["url"], data=form_of["fields"], files=late, timeout=20)
    sweep_uploads()
    assert names(bucket) == [incoming(upload.tag)]

    monkeypatch.setattr(sweeping, "KEPT", timedelta(seconds=-5))
    sweep_uploads()
    assert names(bucket) == []
