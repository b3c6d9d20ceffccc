"""How often a JPEG draws over itself is counted as its decoder does, up to its end."""

import io

import pytest

from media.errors import NotAccepted
from media.pictures import scans as counting
from media.pictures.scans import check_scans
from media.services import receive
from tests.media.drawn import photo, scans

SCAN = b"\xff\xda\x00\x02"
MANY = SCAN * 101


def segment(content: bytes) -> bytes:
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2) + content


def with_inside(content: bytes) -> io.BytesIO:
    """A picture with this before its own marks."""
    whole = photo().read()
    return io.BytesIO(whole[:2] + content + whole[2:])


@pytest.mark.django_db
def test_a_camera_may_put_a_film_behind_a_picture() -> None:
    motion = io.BytesIO(photo(progressive=True).read() + b"\0ftypmp42" + MANY)

    assert receive(motion, name="motion.jpg").format == "jpeg"


@pytest.mark.parametrize("chunk", [1, 3, 1_048_576])
@pytest.mark.parametrize(
    "content",
    [segment(MANY), segment(b"\xff\xd9" + MANY), segment(b"") * 5, segment(MANY) * 3],
    ids=len,
)
def test_what_a_segment_holds_is_not_drawn(
    content: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "CHUNK", chunk)

    check_scans(with_inside(content))


@pytest.mark.parametrize("chunk", [1, 3, 1_048_576])
@pytest.mark.parametrize(
    "content",
    [
        MANY,
        b"\xff\xd0\xff\xff" + MANY,  # a mark without a length
        b"\xff\x02\xff\xff" + MANY,  # one that a decoder passes over
        b"\xff\xd8\xff\xff" + MANY,
        segment(b"\xff\xd9") + MANY,
        b"\xff\xe1\x00\x00" + MANY,  # a length that does not count itself
        b"\xff" + b"\xff".join([SCAN] * 101),
        b"\x00\xff\x00" + MANY,
    ],
    ids=len,
)
def test_nothing_hides_what_is_drawn(
    content: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "CHUNK", chunk)

    with pytest.raises(NotAccepted, match="passes"):
        check_scans(with_inside(content))


def test_a_picture_of_parts_without_end_is_not_walked_through() -> None:
    with pytest.raises(NotAccepted, match="parts"):
        check_scans(with_inside(segment(b"") * 10_001))


def test_a_picture_that_breaks_off_is_for_its_decoder_to_refuse() -> None:
    whole = scans(50).read()
    for end in range(0, len(whole), 7):
        check_scans(io.BytesIO(whole[:end]))
