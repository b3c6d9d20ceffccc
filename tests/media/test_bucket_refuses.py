"""What a bucket may answer that is no success: each is an error that says what there is to mend.

The first two are asked of a real server. What that one never says is said by a server of ours: it
makes a bucket that is missing, say.
"""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Outcome, Retry, ServiceAway
from deferral.external.breakers import open_breakers
from deferral.failure_kinds import FailureKind
from media.filing import file_away
from media.places import place
from media.verbs import FILE_STORAGE
from tests.media.answering import EMPTY_LIST, answering, error
from tests.rig.buckets import bucket_at, use_bucket
from tests.rig.ports import free_ports
from tests.rig.s3 import S3Server

pytestmark = pytest.mark.django_db
NAME = "documents/ab/x.pdf"
OTHERS_SHA256 = "MV9b3bvFw8AvRvOhhMYK1MeL8ABcRtxsIB3EuR5jrlA="


def write() -> None:
    file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def refusal(settings: Settings, url: str, **changes: str) -> Outcome:
    """What whoever writes there is told."""
    use_bucket(settings, bucket_at(url, **changes))
    with pytest.raises(Outcome) as told:
        write()
    return told.value


def refused(settings: Settings, url: str) -> Outcome:
    """What whoever reads there is told."""
    use_bucket(settings, bucket_at(url))
    with pytest.raises(Outcome) as told:
        place("s3").fetch(NAME)
    return told.value


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"secret_key": "wrong"}, "BUCKET_SECRET"), ({"access_key": "nobody"}, "BUCKET_KEY_ID")],
)
def test_what_is_set_wrong_is_named_and_tried_again(
    settings: Settings, s3_server: S3Server, changes: dict[str, str], words: str
) -> None:
    told = refusal(settings, s3_server.url, **changes)

    assert isinstance(told, Retry)
    assert words in told.cause
    with pytest.raises(Retry, match=words):
        place("s3").look(NAME)
    with pytest.raises(Retry, match=words):
        place("s3").fetch(NAME)
    assert not open_breakers()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, error("AccessDenied"), "BUCKET_SECRET"),
        (403, b"<html>no</html>", "BUCKET_SECRET"),
        (403, error("RequestTimeTooSkewed"), "clock"),
        (403, error("QuotaExceeded"), "full"),
        (404, error("NoSuchBucket"), "BUCKET_NAME"),
        (404, b"<html>no</html>", "BUCKET_NAME"),
        (400, error("BadDigest"), "damaged"),
        (400, error("AuthorizationHeaderMalformed"), "BUCKET_REGION"),
        (409, error("ConditionalRequestConflict"), "somebody else writes"),
        (501, error("NotImplemented"), "If-None-Match"),
        (507, error("InsufficientStorage"), "full"),
    ],
)
def test_what_somebody_can_mend_is_named_and_tried_again(
    settings: Settings, status: int, body: bytes, words: str
) -> None:
    with answering(status, body, head=status) as url:
        told = refusal(settings, url)
        assert isinstance(refused(settings, url), Retry)
        for ask in (place("s3").look, place("s3").remove, lambda name: [*place("s3").names(name)]):
            with pytest.raises(Retry, match=words):
                ask(NAME)

    assert isinstance(told, Retry)
    assert words in told.cause
    assert FILE_STORAGE not in open_breakers()


def test_what_no_waiting_mends_is_for_a_person(settings: Settings) -> None:
    with answering(400, error("KeyTooLongError")) as url:
        assert isinstance(refusal(settings, url), Bury)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, error("InternalError")), (503, b"<html>away</html>"), (200, error("InternalError"))],
)
def test_a_bucket_that_cannot_is_tried_again_and_its_breaker_knows(
    settings: Settings, status: int, body: bytes
) -> None:
    """Also where the answer begins as if all were well."""
    with answering(status, body, kept=5) as url:
        told = refusal(settings, url)

    assert isinstance(told, Retry)
    assert told.failure_kind == FailureKind.UNABLE


@pytest.mark.parametrize("status", [503, 429, 200])
def test_a_bucket_that_asks_us_to_slow_down_is_left_alone_so_long(
    settings: Settings, status: int
) -> None:
    with answering(status, error("SlowDown"), headers={"Retry-After": "7"}) as url:
        told = refusal(settings, url)
        again = refusal(settings, url)

    assert isinstance(told, Retry)
    assert (told.failure_kind, told.after) == (FailureKind.BUSY, 7)
    assert isinstance(again, ServiceAway)
    assert FILE_STORAGE in open_breakers()


def test_nobody_there_is_silence(settings: Settings) -> None:
    told = refusal(settings, f"http://127.0.0.1:{free_ports(1)[0]}")

    assert isinstance(told, Retry)
    assert told.failure_kind == FailureKind.SILENT


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
