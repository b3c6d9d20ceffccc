"""A film's jobs, from its upload to its verdict: what each leaves, and what it does again."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.policies import PROMPT
from deferral.registry import TASKS
from media import telling
from media.films import encoding, giving_up, looking, renditions, stills
from media.films.errors import ProgramFailed
from media.models import Asset
from tests.media.films.filming import GREY, PLAIN, film, looked_at, received, run

pytestmark = pytest.mark.django_db


def made(asset: Asset) -> list[tuple[str, int, str, int, int]]:
    """What there is of it."""
    rows = asset.variants.order_by("kind", "measure")
    return list(rows.values_list("kind", "measure", "format", "width", "height"))


def jobs(asset: Asset) -> list[str]:
    """Which were written, in the order in which they come due."""
    written = Job.objects.filter(task__startswith="media.").exclude(task="media.look_at_film")
    return list(written.order_by("next_at", "id").values_list("key", flat=True))


def test_the_first_look_knows_a_film_and_asks_for_the_smallest_rendition_first(
    tmp_path: Path,
) -> None:
    asset = looked_at(film(tmp_path, size="1280x720"))

    assert (asset.width, asset.height, asset.kind) == (1280, 720, "film")
    assert asset.seconds == pytest.approx(2.0, abs=0.1)
    assert asset.placeholder.startswith("data:image/webp")
    assert len(asset.colour) == 7
    assert made(asset) == [("poster", 720, "jpeg", 1280, 720)]
    tag = asset.tag
    assert jobs(asset) == [f"rendition:{tag}:480-mp4", f"stills:{tag}", f"rendition:{tag}:720-mp4"]


def test_a_film_that_is_not_taken_is_refused_with_a_sentence_and_nothing_is_made(
    tmp_path: Path,
) -> None:
    whole = film(tmp_path, *PLAIN, "-movflags", "+faststart", seconds=8)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 4])
    asset = looked_at(whole)

    assert asset.verdict == "refused"
    assert (made(asset), jobs(asset)) == ([], [])
    job = Job.objects.get(task="media.look_at_film")
    assert job.state == "done"
    assert "Send it again." in looking.refusal_of(asset)
    assert telling._told(asset).missing == (looking.refusal_of(asset),)


def test_a_rendition_is_kept_once_and_made_anew_into_the_same_row(tmp_path: Path) -> None:
    asset = looked_at(film(tmp_path))
    job = run("media.make_rendition", asset, size=480)
    again = run("media.make_rendition", asset, key="again", size=480)

    assert (job.state, again.state) == ("done", "done")
    [variant] = asset.variants.filter(kind="rendition")
    assert (variant.measure, variant.width, variant.height) == (480, 320, 180)
    assert variant.key == f"rendition:{asset.tag}:480-mp4"
    assert len(variant.read()) == variant.size


def test_a_still_is_made_of_every_tenth_second_and_then_they_are_judged(tmp_path: Path) -> None:
    asset = looked_at(film(tmp_path, seconds=25, rate=5, picture=GREY))
    job = run("media.make_stills", asset)

    assert (job.state, job.steps.get(name="stills").result) == ("done", 3)
    assert [row[:2] for row in made(asset) if row[0] == "still"] == [
        ("still", 0),
        ("still", 10),
        ("still", 20),
    ]
    assert f"verdict:{asset.tag}" in jobs(asset)
    assert run("media.judge_film", asset).state == "done"
    asset.refresh_from_db()
    assert asset.verdict == "ok"


def test_what_a_person_has_decided_stays(tmp_path: Path) -> None:
    asset = looked_at(film(tmp_path, picture=GREY))
    run("media.make_stills", asset)
    Asset.objects.filter(pk=asset.pk).update(verdict="refused")
    run("media.judge_film", asset)

    asset.refresh_from_db()
    assert asset.verdict == "refused"


def test_stills_go_on_where_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = looked_at(film(tmp_path, seconds=25, rate=5))
    asked: list[float] = []
    ask = encoding.picture

    def fails_once(*args: Any, at: float, **kwargs: Any) -> bytes:
        asked.append(at)
        if asked == [0, 10]:
            raise OSError("the network")
        return ask(*args, at=at, **kwargs)

    monkeypatch.setattr(stills, "picture", fails_once)
    assert run("media.make_stills", asset).state == "pending"
    assert run("media.make_stills", asset).state == "done"
    assert asked == [0, 10, 10, 20]


@pytest.mark.parametrize("task", ["look_at_film", "make_rendition", "make_stills"])
def test_the_largest_film_has_time_to_come_out_of_a_slow_bucket(task: str) -> None:
    assert TASKS[f"media.{task}"].time_limit > 2_000_000_000 / 100_000


@pytest.mark.parametrize("task", ["look_at_film", "make_rendition", "make_stills", "judge_film"])
def test_nothing_happens_to_a_film_that_was_deleted(tmp_path: Path, task: str) -> None:
    asset = received(film(tmp_path))
    asset.forget()
    options: dict[str, Any] = {"size": 480} if task == "make_rendition" else {}

    assert run(f"media.{task}", asset, **options).state == "done"
    assert made(asset) == []


def test_a_rendition_that_is_not_the_whole_film_is_not_kept(tmp_path: Path) -> None:
    """As one that was ended in the middle, and looks well."""
    asset = looked_at(film(tmp_path))
    Asset.objects.filter(pk=asset.pk).update(seconds=20)
    job = run("media.make_rendition", asset, size=480)

    assert job.state == "pending"
    assert "of 20 seconds" in job.errors[-1]["message"]
    assert not asset.variants.filter(kind="rendition").exists()


def test_what_ffmpeg_does_not_do_thrice_is_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ProgramFailed("ffmpeg", 69, "no such thing")

    monkeypatch.setattr(renditions, "encode", fails)
    asset = looked_at(film(tmp_path))
    states = [run("media.make_rendition", asset, size=480).state for _ in range(giving_up.TRIES)]

    assert states == ["pending", "pending", "dead"]
    job = Job.objects.get(key=f"media.make_rendition:{asset.tag}")
    assert job.cause == "ffmpeg fails"
    Job.objects.filter(pk=job.pk).update(subject=asset.subject)
    assert telling._told(asset).missing == ("480p: ffmpeg fails",)


def test_without_ffmpeg_a_film_waits_for_it_however_long(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    asset = received(film(tmp_path))
    settings.FFMPEG = "/nowhere/ffmpeg"
    for _ in range(PROMPT.attempts + 1):
        job = run("media.look_at_film", asset)

    assert (job.state, job.attempts, job.snoozes) == ("pending", 0, PROMPT.attempts + 1)
    assert "FFMPEG names /nowhere/ffmpeg, which is no program." in caplog.text
