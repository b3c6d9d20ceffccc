"""What people upload: taken or refused by what it is, before any work."""

import io
from typing import IO

import pytest

from media import accepting
from media.errors import NotAccepted
from media.models import Asset
from media.pictures.opening import opened
from media.services import keep_original, receive
from tests.media.drawn import SVG, bomb, box, photo, scans

pytestmark = pytest.mark.django_db


def refused(file: IO[bytes], name: str = "photo.jpg") -> str:
    """In which words; nothing is kept of it."""
    with pytest.raises(NotAccepted) as told:
        receive(file, name=name)
    assert not Asset.objects.exists()
    return str(told.value)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (io.BytesIO(), "empty"),
        (io.BytesIO(b"hello"), "no picture and no film"),
        (io.BytesIO(SVG), "SVG"),
        (io.BytesIO(b"\xef\xbb\xbf  " + SVG), "SVG"),
        (io.BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n"), "PostScript"),
        (io.BytesIO(b"%PDF-1.7\n"), "PDF"),
        (io.BytesIO(b"#EXTM3U\nhttp://127.0.0.1/secret"), "playlist"),
        (io.BytesIO(b"ffconcat version 1.0\nfile /etc/passwd"), "playlist"),
        (photo(format="GIF"), "GIF"),
        (photo(format="TIFF"), "TIFF"),
        (photo(format="BMP"), "BMP"),
        (box(b"heic", b"mif1"), "HEIC"),
        (box(b"mif1", b"heic"), "HEIC"),
        (box(b"M4A "), "sound"),
        (bomb(), "30,000 by 30,000|40 megapixels"),
        (bomb(16_001, 1), "16,001 by 1"),
        (scans(101), "passes"),
        (io.BytesIO(photo(400, 300).getvalue()[:600]), "damaged"),
        (io.BytesIO(photo(format="PNG").getvalue()[:40]), "damaged"),
        (io.BytesIO(b"\xff\xd8\xff" + bytes(200)), "damaged"),
        (io.BytesIO(b"RIFF\0\0\0\0WEBP" + bytes(200)), "damaged"),
        (box(b"avif", b"mif1"), "damaged"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_not_taken_has_a_sentence(file: IO[bytes], said: str) -> None:
    with pytest.raises(NotAccepted, match=said):
        receive(file, name="photo.jpg")
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("file", "format"),
    [
        (box(b"isom", b"avc1"), "mp4"),
        (box(b"qt  "), "mov"),
        (io.BytesIO(b"\x1aE\xdf\xa3\x01\x42\x82\x84webm" + bytes(50)), "webm"),
    ],
)
def test_a_film_is_kept_and_looked_at_later(file: IO[bytes], format: str) -> None:  # noqa: A002
    asset = receive(file, name="film.mp4")

    assert (asset.kind, asset.format, asset.width, asset.seconds) == ("film", format, 0, None)


def test_what_it_is_called_counts_for_nothing() -> None:
    assert "SVG" in refused(io.BytesIO(SVG), name="photo.jpg")
    assert receive(photo(format="PNG"), name="film.mp4").format == "png"


def test_no_other_decoder_is_asked_than_that_of_its_first_bytes() -> None:
    """Left to itself, Pillow would open it, and have Ghostscript run it."""
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n"
    with pytest.raises(NotAccepted), opened(io.BytesIO(program), "jpeg"):
        pass


def test_where_pictures_belong_a_film_does_not() -> None:
    with pytest.raises(NotAccepted, match="This is a film"):
        keep_original(box(b"isom"), name="film.mp4", kinds=[Asset.Kind.PICTURE])


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "MOST_BYTES", dict.fromkeys(Asset.Kind, 1_000_000))
    big = io.BytesIO(photo().getvalue() + bytes(1_500_000))

    assert "It has 2 MB. A picture may have 1 MB." in refused(big)
