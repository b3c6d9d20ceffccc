"""What people upload: taken or refused by what it is, before any work."""

import io
import os
from pathlib import Path
from typing import IO, Any

import pytest
from pytest_django.fixtures import Settings

from deferral.models import Event
from media import accepting, services
from media.errors import NotAccepted
from media.models import Asset
from media.pictures.opening import opened
from media.services import keep_original, receive, record_asset
from media.sweeping import sweep_files
from media.tables import folders
from tests.media.drawn import LYING, SVG, bomb, box, exif, photo, scans

pytestmark = pytest.mark.django_db


def refused(file: IO[bytes], name: str = "photo.jpg") -> str:
    """In which words; nothing is kept of it."""
    with pytest.raises(NotAccepted) as told:
        receive(file, name=name)
    assert not Asset.objects.exists()
    return str(told.value)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_kept_as_it_came_and_known_by_its_header(format: str) -> None:  # noqa: A002
    came = photo(64, 48, format)
    asset = receive(came, name="Pier at noon.png", uploaded_by="staff@halyard.example")

    assert (asset.kind, asset.format, asset.width, asset.height) == (
        "picture",
        format.lower(),
        64,
        48,
    )
    assert asset.read() == came.getvalue()
    assert asset.name == "Pier at noon.png"
    [event] = Event.objects.filter(type="media.asset_received")
    assert (event.subject, event.payload) == (asset.subject, {"asset_id": asset.pk})
    assert asset.key == asset.subject == f"asset:{asset.tag}"


def test_a_page_has_sixteen_pixels_and_a_colour_at_once() -> None:
    asset = receive(photo(400, 300), name="a.jpg")

    assert asset.placeholder.startswith("data:image/webp;base64,")
    assert len(asset.placeholder) < 300
    red, _green, blue = (int(asset.colour[at : at + 2], 16) for at in (1, 3, 5))
    assert abs(red - 115) < 5
    assert abs(blue - 115) < 5


def test_what_takes_long_to_decode_is_not_decoded_in_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("media.pictures.sketching.AT_ONCE", 100)

    assert receive(photo(60, 60), name="a.jpg").colour
    assert not receive(photo(60, 60, progressive=True), name="a.jpg").colour
    assert not receive(photo(60, 60, "PNG"), name="a.png").colour


def test_a_photo_that_lies_on_its_side_is_as_high_as_it_is_seen() -> None:
    asset = receive(photo(400, 300, exif=exif(LYING)), name="a.jpg")

    assert (asset.width, asset.height) == (300, 400)


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


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\ada\\Pier.jpg", "Pier.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nBcc: b", "aBcc: b"),
        (" \u200b ", services.NAMELESS),
        ("", services.NAMELESS),
        (300 * "x", 100 * "x"),
    ],
)
def test_a_name_is_one_line_that_can_be_read(given: str, kept: str) -> None:
    assert receive(photo(), name=given).name == kept


def test_an_original_without_a_row_goes_in_a_day(settings: Settings) -> None:
    lost = keep_original(photo(), name="a.jpg")
    kept = receive(photo(50, 50), name="b.jpg")
    for path in Path(settings.MEDIA_ROOT).rglob("*.jpeg"):
        os.utime(path, (0, 0))

    assert {"originals", "media"} <= set(folders())
    assert sweep_files("local", lambda _: None) == 1
    assert kept.read()
    assert record_asset(lost).file.name == lost.filed.name


def test_neither_row_nor_event_without_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(services, "publish", refuse)
    with pytest.raises(ConnectionError):
        receive(photo(), name="a.jpg")

    assert not Asset.objects.exists()
