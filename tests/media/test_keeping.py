"""What is kept of an upload that is taken: the file as it came, and a row about it."""

import os
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.models import Event
from media import services
from media.models import Asset
from media.services import keep_original, receive, record_asset
from media.sweeping import sweep_files
from media.tables import folders
from tests.media.drawn import LYING, exif, photo

pytestmark = pytest.mark.django_db


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
