"""What looks like a bucket's success and is none: half a file, another file, another's page."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Retry
from deferral.failure_kinds import FailureKind
from media import bucket_errors
from media.places import place
from tests.media.answering import EMPTY_LIST, OF_A_FILE, answering, dripping, error
from tests.media.refusals import NAME, refusal, refused
from tests.rig.buckets import bucket_at, use_bucket

pytestmark = pytest.mark.django_db
OTHERS_SHA256 = "MV9b3bvFw8AvRvOhhMYK1MeL8ABcRtxsIB3EuR5jrlA="
HEADERS = "".join(f"{name}: {value}\r\n" for name, value in OF_A_FILE.items())
BODY = f"HTTP/1.1 200 OK\r\n{HEADERS}Content-Length: 9000\r\n\r\n".encode()


@pytest.mark.parametrize(("kept", "sha256"), [(3, ""), (5, "0" * 64)])
def test_a_bucket_that_takes_a_file_and_keeps_another_is_not_believed(
    settings: Settings, kept: int, sha256: str
) -> None:
    with answering(200, kept=kept, headers={"x-amz-meta-sha256": sha256}) as url:
        told = refusal(settings, url)

    assert isinstance(told, Retry)
    assert "keeps another file" in told.cause


def test_a_bucket_that_took_other_bytes_by_its_own_sum_is_not_believed(settings: Settings) -> None:
    with answering(200, kept=5, headers={"x-amz-checksum-sha256": OTHERS_SHA256}) as url:
        assert "its sha256 differs" in str(refusal(settings, url))


@pytest.mark.parametrize("ended", [{"cut": False}, {"cut": True}])
def test_a_read_that_ends_early_is_tried_again_and_no_half_a_file(
    settings: Settings, ended: dict[str, Any]
) -> None:
    with answering(200, b"pap", length=5, **ended) as url:
        told = refused(settings, url)

    assert isinstance(told, Retry)
    assert told.failure_kind == FailureKind.SILENT


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        BODY,
    ],
    ids=["status", "header", "body"],
)
def test_a_bucket_that_drips_did_not_answer_wherever_it_stands(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setattr(bucket_errors, "QUICK", 1.0)
    with dripping(first) as url:
        told = refused(settings, url)

    assert isinstance(told, Retry)
    assert told.failure_kind == FailureKind.SILENT
    assert "within 1 s" in str(told)


@pytest.mark.parametrize("body", [b"<html><body>Sign in to the network</body></html>", b"pap"])
def test_a_page_of_somebody_in_between_is_no_file_and_no_list(
    settings: Settings, body: bytes
) -> None:
    with answering(200, body, of_a_file=False) as url:
        assert isinstance(refused(settings, url), Retry)
        for ask in (place("s3").look, lambda name: [*place("s3").names(name)]):
            with pytest.raises(Retry):
                ask(NAME)


def test_a_page_of_somebody_in_between_does_not_say_that_a_file_is_lost(
    settings: Settings,
) -> None:
    with answering(200, b"<html><body>no such page</body></html>", head=404) as url:
        use_bucket(settings, bucket_at(url))
        with pytest.raises(Retry, match="no bucket"):
            place("s3").look(NAME)


def test_what_a_bucket_does_not_have_is_missing(settings: Settings) -> None:
    with answering(200, EMPTY_LIST, head=404) as url:
        use_bucket(settings, bucket_at(url))
        assert place("s3").look(NAME) is None
    with answering(404, error("NoSuchKey"), head=404) as url:
        use_bucket(settings, bucket_at(url))
        place("s3").remove(NAME)
        with pytest.raises(FileNotFoundError):
            place("s3").fetch(NAME)


def test_a_disk_that_refuses_under_a_download_is_named_and_not_the_bucket(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "nowhere"
    with answering(200, bytes(9_000_000)) as url:
        told = refused(settings, url)

    assert isinstance(told, Retry)
    assert told.cause.startswith("the disk for files")
