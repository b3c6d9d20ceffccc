"""A body is large only at an address that a page of ours has made for files."""

import resource

import pytest
from waitress.adjustments import Adjustments

from config.patience import BoundedParser
from config.webserver import LIMITS, MOST_BODY
from media import large_bodies
from media.large_bodies import MOST_AT_ONCE, has_room, with_room

PATH = "/admin/shop/product/5/pictures/"


def refusal(address: str, size: int) -> int:
    """The status with which the header alone is refused; 0 where the body is read."""
    parser = BoundedParser(Adjustments(**LIMITS))
    parser.received(f"POST {address} HTTP/1.1\r\nContent-Length: {size}\r\n\r\n".encode())
    return parser.error.code if parser.error else 0


def test_a_form_that_sends_files_may_send_many() -> None:
    assert refusal(with_room(PATH), MOST_AT_ONCE - 1) == 0
    assert refusal(with_room(PATH), MOST_AT_ONCE) == 413


@pytest.mark.parametrize(
    "address",
    [
        PATH,
        f"{PATH}?room=",
        f"{PATH}?room=:1abc:nonsense",
        f"{PATH}?{'room=x&' * 50}",
        with_room(PATH).replace("/5/", "/6/"),
        f"/?{with_room(PATH).partition('?')[2]}",
        "/?room=%FF%00",
    ],
    ids=["none", "empty", "nonsense", "many", "another product's", "another page's", "bytes"],
)
def test_any_other_may_not(address: str) -> None:
    assert refusal(address, MOST_BODY) == 413
    assert refusal(address, MOST_BODY - 1) == 0


def test_a_page_that_stood_open_over_night_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    path, _, query = with_room(PATH).partition("?")
    assert has_room(path, query)
    monkeypatch.setattr(large_bodies, "KEPT", -large_bodies.KEPT)

    assert not has_room(path, query)


def test_a_body_for_which_the_disk_has_no_room_is_refused_with_a_sentence() -> None:
    """It waits on the disk, beyond what a buffer holds."""
    parser = BoundedParser(Adjustments(**LIMITS))
    size = 4_000_000
    head = f"POST {with_room(PATH)} HTTP/1.1\r\nContent-Length: {size}\r\n\r\n"
    parser.received(head.encode())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        while not parser.completed:
            parser.received(bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    parser.close()

    assert parser.error.code == 507
    assert "There is no room for this file now." in parser.error.body
