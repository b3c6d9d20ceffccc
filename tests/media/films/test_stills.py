"""Stills of a film that has to be decoded from its beginning for each of them."""

import signal
from pathlib import Path

import pytest

from deferral.models import Job
from media.films import stills
from media.films.encoding import picture
from media.films.errors import ProgramFailed
from media.films.keeping import file_source_away, key_of, row_of
from media.films.reading import Source
from media.films.sizes import Frame
from media.models import Asset, Variant
from tests.media.films.filming import H264, film, looked_at, run

pytestmark = pytest.mark.django_db
# One key frame, at its beginning.
ONE = (*H264, "-pix_fmt", "yuv420p", "-g", "9999", "-keyint_min", "9999", "-sc_threshold", "0")
SECONDS = 60


def asked(asset: Asset) -> list[int]:
    """Which stills there are."""
    found = asset.variants.filter(kind=Variant.Kind.STILL).order_by("measure")
    return list(found.values_list("measure", flat=True))


def smallest(asset: Asset, state: Job.State) -> None:
    """The job of 480p, which the first look has written."""
    key = key_of(asset, Variant.Kind.RENDITION, 480)
    assert Job.objects.filter(key=key).update(state=state)


@pytest.fixture
def costly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asset:
    """The program is ended by its limit at any of its stills but the first."""

    def asks(source: Source, *, at: float, frame: Frame) -> bytes:
        if source.format == "mov" and at:
            raise ProgramFailed("ffmpeg", -signal.SIGKILL, "")
        return picture(source, at=0, frame=frame)

    monkeypatch.setattr(stills, "picture", asks)
    asset = looked_at(film(tmp_path, name="film.mov"))
    Asset.objects.filter(pk=asset.pk).update(seconds=SECONDS)
    return asset


def test_they_are_made_of_its_smallest_size_once_there_is_that(
    costly: Asset, tmp_path: Path
) -> None:
    job = run("media.make_stills", costly)
    assert (job.state, job.snoozes, asked(costly)) == ("pending", 1, [0])

    with film(tmp_path, name="small.mp4").open("rb") as file:
        key = key_of(costly, Variant.Kind.RENDITION, 480)
        filed = file_source_away(Source(file.fileno()), key=key)
    row_of(costly, Variant.Kind.RENDITION, 480, filed, Frame(854, 480)).save()
    assert run("media.make_stills", costly).state == "done"
    assert asked(costly) == [0, 10, 20, 30, 40, 50]


def test_where_that_is_given_up_nobody_waits_for_it(costly: Asset) -> None:
    smallest(costly, Job.State.DEAD)

    found = [run("media.make_stills", costly) for _ in range(3)]
    assert [(job.state, job.snoozes) for job in found] == [
        ("pending", 0),
        ("pending", 0),
        ("dead", 0),
    ]


def test_a_still_is_the_picture_of_its_second_however_far_the_key_frame_is(tmp_path: Path) -> None:
    """Two films of the same pictures: of one of them each picture is a key frame."""
    size, frame = "320x180", Frame(320, 180)
    few = film(tmp_path, *ONE, seconds=30, rate=5, size=size, name="few.mp4")
    every = film(tmp_path, *ONE[:-6], "-g", "1", seconds=30, rate=5, size=size, name="every.mp4")
    with few.open("rb") as one, every.open("rb") as other:
        for second in (0, 10, 29):
            shown = [
                picture(Source(each.fileno()), at=second, frame=frame) for each in (one, other)
            ]
            assert abs(len(shown[0]) - len(shown[1])) < len(shown[0]) / 20
