"""What a bucket may answer that is no success: each is an error that says what there is to mend.

The first two are asked of a real server. What that one never says is said by a server of ours: it
makes a bucket that is missing, say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Bury, Outcome, Retry, ServiceAway
from deferral.external.breakers import open_breakers
from deferral.failure_kinds import FailureKind
from media.filing import file_away
from media.places import place
from media.verbs import FILE_STORAGE
from tests.rig.buckets import bucket_at, use_bucket
from tests.rig.ports import free_ports
from tests.rig.s3 import S3Server

pytestmark = pytest.mark.django_db


def write() -> None:
    file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")


def refusal(settings: Settings, url: str, **changes: str) -> Outcome:
    """What whoever writes there is told."""
    use_bucket(settings, bucket_at(url, **changes))
    with pytest.raises(Outcome) as told:
        write()
    return told.value


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret_key": "wrong"}, "BUCKET_SECRET"),
        ({"access_key": "nobody"}, "BUCKET_KEY_ID"),
    ],
)
def test_what_is_set_wrong_is_named_and_tried_again(
    settings: Settings, s3_server: S3Server, changes: dict[str, str], words: str
) -> None:
    told = refusal(settings, s3_server.url, **changes)

    assert isinstance(told, Retry)
    assert words in told.cause
    with pytest.raises(Retry, match=words):
        place("s3").look("documents/x.pdf")
    with pytest.raises(Retry, match=words):
        place("s3").fetch("documents/x.pdf")
    assert not open_breakers()


@contextmanager
def answering(status: int, body: bytes = b"", *, kept: int = 0, **headers: str) -> Iterator[str]:
    """A server that says the same to everybody, and to a HEAD that it has so many bytes."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_look = self.command == "HEAD"
            self.send_response(200 if is_look else status)
            length = kept if is_look else len(body)
            for name, value in ({"content_length": str(length)} | headers).items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Last-Modified", "Mon, 30 Nov 2026 04:00:00 GMT")
            self.send_header("Connection", "close")
            self.end_headers()
            if not is_look:
                self.wfile.write(body)
            self.close_connection = True

        do_GET = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", free_ports(1)[0]), Handler)
    Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode()


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "RequestTimeTooSkewed", "clock"),
        (404, "NoSuchBucket", "BUCKET_NAME"),
        (507, "InsufficientStorage", "full"),
        (409, "QuotaExceeded", "full"),
        (500, "InternalError", "500"),
        (400, "BadDigest", "damaged"),
        (400, "AuthorizationHeaderMalformed", "BUCKET_REGION"),
    ],
)
def test_what_may_pass_is_tried_again(
    settings: Settings, status: int, code: str, words: str
) -> None:
    with answering(status, error(code)) as url:
        told = refusal(settings, url)

    assert isinstance(told, Retry)
    assert words in told.cause


def test_what_no_waiting_mends_is_for_a_person(settings: Settings) -> None:
    with answering(400, error("KeyTooLongError")) as url:
        assert isinstance(refusal(settings, url), Bury)


def test_a_bucket_that_asks_us_to_slow_down_is_left_alone_so_long(settings: Settings) -> None:
    with answering(503, error("SlowDown"), retry_after="7") as url:
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


def test_a_bucket_that_takes_a_file_and_keeps_less_is_not_believed(settings: Settings) -> None:
    with answering(200, kept=3) as url:
        told = refusal(settings, url)

    assert isinstance(told, Retry)
    assert "3 of 5" in str(told)


def test_a_read_that_ends_early_is_tried_again_and_no_half_a_file(settings: Settings) -> None:
    with answering(200, b"pap", content_length="5") as url:
        use_bucket(settings, bucket_at(url))
        with pytest.raises(Retry) as told:
            place("s3").fetch("documents/x.pdf")

    assert told.value.failure_kind == FailureKind.SILENT
