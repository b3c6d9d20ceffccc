"""The job of a picture: it goes on where it was, and says what came of it."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from deferral.handlers import job
from deferral.models import Event
from media import tasks
from media.models import Asset, Variant
from media.pictures import making, sketching
from media.pictures.encoding import encoded
from media.places import place
from media.removing import remove_assets
from media.services import receive
from tests.media.drawn import photo
from tests.media.made import alike, made, make
from tests.rig.jobs import run_as_a_worker

pytestmark = pytest.mark.django_db


def test_what_a_request_had_no_time_for_is_sketched_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketching, "AT_ONCE", 0)
    asset = receive(photo(60, 60, "PNG"), name="photo")
    assert not asset.placeholder
    make(asset)
    asset.refresh_from_db()

    assert asset.placeholder.startswith("data:image/webp;base64,")
    assert alike(tuple(bytes.fromhex(asset.colour[1:])), (115, 30, 115))


def test_once_more_is_nothing_new() -> None:
    asset = made(photo(700, 350))
    before = set(asset.variants.values_list("pk", "file"))
    make(asset)

    assert set(asset.variants.values_list("pk", "file")) == before


def test_what_is_cut_off_in_the_middle_is_dead_with_its_sentence() -> None:
    whole = photo(3_000, 2_000, progressive=True, quality=95).getvalue()
    asset = receive(io.BytesIO(whole[: len(whole) // 2]), name="photo")
    found = make(asset)

    assert (found.state, asset.variants.count()) == ("dead", 0)
    assert "damaged, or not whole" in str(found.errors[-1])


def test_nothing_is_made_of_what_was_deleted_meanwhile() -> None:
    asset = receive(photo(), name="photo")
    asset.delete()

    assert make(asset).state == "done"
    assert not Variant.objects.exists()


def test_of_a_picture_that_is_deleted_while_it_is_made_no_file_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asset = receive(photo(700, 350), name="photo")
    filed = making._filed

    def meanwhile(*given: Any) -> Any:
        found = filed(*given)
        type(asset).objects.all().delete()
        return found

    monkeypatch.setattr(making, "_filed", meanwhile)

    assert make(asset).state == "done"
    assert not list(place("local").names(Variant.folder))


def test_whoever_deletes_a_picture_waits_for_what_is_about_to_be_named() -> None:
    made(photo())
    with CaptureQueriesContext(connection) as asked:
        remove_assets(Asset.objects.all())

    assert "FOR UPDATE" in asked.captured_queries[0]["sql"]


def test_that_all_of_it_is_made_is_told() -> None:
    asset = made(photo())
    run_as_a_worker(job(tasks.tell_ready, key=f"asset_ready:{asset.tag}", tag=asset.tag))

    [event] = Event.objects.filter(type="media.asset_ready")
    assert event.payload == {"asset_id": asset.pk}


def test_a_size_that_is_made_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third fails: the two before it are kept, and the next attempt goes on there."""
    asset = receive(photo(1700, 100), name="photo")
    seen: list[int] = []

    def failing(image: Image.Image, name: str, *, size: int) -> bytes:
        seen.append(image.width)
        if len(seen) == 7:
            raise OSError("the disk")
        return encoded(image, name, size=size)

    monkeypatch.setattr(making, "encoded", failing)
    assert make(asset).state == "pending"
    assert set(asset.variants.values_list("measure", flat=True)) == {1600, 960}
    assert make(asset).state == "done"
    assert seen == [1600] * 3 + [960] * 3 + [640] * 4 + [480] * 3 + [320] * 3
    assert asset.variants.count() == 15
