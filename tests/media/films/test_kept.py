"""Which files of a film stay in the storage: those that a row names, however its jobs end."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import Ignore
from django.db.models import F

from deferral.models import Job
from media.films import encoding, keeping, looking, renditions, stills
from media.models import Asset, Variant
from media.places import place
from media.unnamed import delete_files
from tests.media.films.filming import film, looked_at, received, run

pytestmark = pytest.mark.django_db


def kept() -> set[str]:
    """The files that are made of whatever film."""
    return {one.name for one in place("local").names(Variant.folder)}


def named() -> set[str]:
    """Those that a row names."""
    return set(Variant.objects.values_list("file", flat=True))


@pytest.mark.parametrize(
    ("maker", "stores", "task", "options"),
    [
        (looking, "file_picture_away", "look_at_film", {}),
        (stills, "file_picture_away", "make_stills", {}),
        (renditions, "file_source_away", "make_rendition", {"size": 480}),
    ],
)
def test_of_a_film_that_is_deleted_while_it_is_made_no_file_is_left(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    maker: Any,
    stores: str,
    task: str,
    options: dict[str, Any],
) -> None:
    asset = received(film(tmp_path)) if task == "look_at_film" else looked_at(film(tmp_path))
    store = getattr(maker, stores)

    def meanwhile(*given: Any, **facts: Any) -> Any:
        found = store(*given, **facts)
        delete_files(named())
        Asset.objects.all().delete()
        return found

    monkeypatch.setattr(maker, stores, meanwhile)
    assert run(f"media.{task}", asset, **options).state == "done"
    assert kept() == set()


def test_ffmpeg_ends_where_its_film_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset, reached = looked_at(film(tmp_path)), list[float]()

    def goes_on(_: object, watch: Any) -> None:
        for second in (1.0, 2.0):
            watch(second)
            reached.append(second)
            Asset.objects.all().delete()

    monkeypatch.setattr(renditions, "encode", goes_on)
    assert run("media.make_rendition", asset, size=480).state == "done"
    assert reached == [1.0]


def test_of_two_encodings_the_one_that_no_row_names_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of a film differ in some bytes where several threads make it."""
    asset = looked_at(film(tmp_path))
    run("media.make_rendition", asset, size=480)
    before = named()
    other = replace(encoding.EFFORTS[480], rate=300_000)
    monkeypatch.setitem(encoding.EFFORTS, 480, other)
    run("media.make_rendition", asset, key="again", size=480)

    assert named() != before
    assert kept() == named()


@pytest.mark.parametrize(("state", "is_left"), [("done", False), ("running", True)])
def test_whose_job_another_worker_has_deletes_only_what_that_will_not_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, state: str, is_left: bool
) -> None:
    """A worker that was asleep for longer than its lease lasts, and wakes up."""
    asset = looked_at(film(tmp_path))
    store, before = keeping.file_source_away, kept()

    def taken_over(*given: Any, **facts: Any) -> Any:
        found = store(*given, **facts)
        Job.objects.filter(key="mine").update(state=state, epoch=F("epoch") + 1)
        return found

    monkeypatch.setattr(renditions, "file_source_away", taken_over)
    with suppress(Ignore):
        run("media.make_rendition", asset, key="mine", size=480)

    assert (bool(kept() - before), named()) == (is_left, before)
