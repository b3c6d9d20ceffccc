"""Parts of a large file, by the server that the shop has: the bytes asked for, and no thread held.

It has one thread: what takes it is noticed by the next request.
"""

import hashlib
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from pytest_django.fixtures import Settings

from media.downloads import from_storage
from media.models import Variant
from media.ranges import in_part
from tests.config.test_webserver import Served, served

__all__ = ["served"]

# More than the server keeps of an answer before it makes its thread wait, and the kernel's share.
LARGE = 40_000_000
NAME = "media/large.mp4"
LINE = "%s /part HTTP/1.1\r\nHost: shop\r\n%s\r\n"


@from_storage
def part(request: HttpRequest) -> HttpResponseBase:
    """What the view of films does, once it has found that it may."""
    stored = Variant(file=NAME, place="local", size=LARGE, sha256=hashlib.sha256().hexdigest())
    return in_part(stored, request.headers.get("Range", ""), "video/mp4")


urlpatterns = [path("part", part)]


@pytest.fixture
def shop(served: Served, settings: Settings) -> Served:
    """It serves the large file, whose bytes say where they stand."""
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    file = Path(settings.MEDIA_ROOT, NAME)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"".join(b"%010d" % number for number in range(LARGE // 10)))
    served.server.application = WSGIHandler()
    return served


def asked(served: Served, *more: str, method: str = "GET") -> bytes:
    """The answer, all of it, without its status."""
    return served.answer(served.client((LINE % (method, "".join(more))).encode()))


def test_a_part_is_those_bytes_and_no_more(shop: Served) -> None:
    head, _, body = asked(shop, "Range: bytes=20000000-20000029\r\n").partition(b"\r\n\r\n")

    assert head.split()[1] == b"206"
    assert b"Content-Range: bytes 20000000-20000029/40000000" in head
    assert b"Content-Disposition" not in head
    assert body == b"000200000000020000010002000002"


@pytest.mark.parametrize("more", ["", "Range: bytes=1000-\r\n"])
def test_a_viewer_who_pauses_holds_no_thread(shop: Served, more: str) -> None:
    pauses = shop.client((LINE % ("GET", more)).encode())
    shop.wait_for_an_answer()

    assert asked(shop, "Range: bytes=0-9\r\n").endswith(b"\r\n\r\n0000000000")
    assert pauses.recv(9) == b"HTTP/1.1 "
    shop.later(10_000)  # too slow: its file is closed
    assert shop.count == 0


def test_who_asks_for_the_head_gets_no_byte_of_the_file(shop: Served) -> None:
    answer = asked(shop, "Range: bytes=0-9\r\n", method="HEAD")

    assert b"Content-Length: 10\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")
