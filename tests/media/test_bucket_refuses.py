"""What a bucket may answer that is no success: each is an error that says what there is to mend.

The first two are asked of a real server. What that one never says is said by a server of ours: it
makes a bucket that is missing, say.
"""

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Retry, ServiceAway
from deferral.external.breakers import open_breakers
from deferral.failure_kinds import FailureKind
from media.places import place
from media.verbs import FILE_STORAGE
from tests.media.answering import answering, error
from tests.media.refusals import NAME, refusal, refused
from tests.rig.ports import free_ports
from tests.rig.s3 import S3Server

pytestmark = pytest.mark.django_db


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
