"""The verdict on a film: by what a viewer sees of it, and in doubt a person's."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from media.films import moderation
from media.films.encoding import picture
from media.films.moderation import Model, Staff, moderator, verdict_on
from media.films.reading import Source
from media.films.sizes import Frame
from media.films.stills import seconds_of
from tests.media.films.filming import GREY, film, looked_at, run

pytestmark = pytest.mark.django_db


class Recording:
    """A moderator of ours."""

    seen: Sequence[bytes] = ()
    verdict = ""

    def check(self, stills: Sequence[bytes]) -> str:
        """Whatever the test says."""
        Recording.seen = stills
        return self.verdict


@pytest.mark.parametrize(
    ("length", "seconds"),
    [
        (0.4, [0]),
        (1.6, [0, 1]),
        (3.0, [0, 1, 2]),
        (9.9, [0, 5, 9]),
        (12.0, [0, 6, 10, 11]),
        (25.0, [0, 10, 20]),
        (600.0, list(range(0, 600, 10))),
    ],
)
def test_a_short_film_is_seen_at_its_middle_and_its_end_too(
    length: float, seconds: list[int]
) -> None:
    assert seconds_of(length) == seconds


def test_the_poster_is_judged_with_the_stills(tmp_path: Path, settings: Settings) -> None:
    settings.MODERATOR = f"{__name__}.Recording"
    asset = looked_at(film(tmp_path, seconds=4, rate=5))
    run("media.make_stills", asset)
    run("media.judge_film", asset)

    kinds = asset.variants.values_list("kind", flat=True)
    assert sorted(kinds) == ["poster", "still", "still", "still"]
    assert set(Recording.seen) == {each.read() for each in asset.variants.all()}


@pytest.mark.parametrize("said", ["", "fine", None])
def test_what_is_no_verdict_is_for_a_person(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    settings.MODERATOR = f"{__name__}.Recording"
    monkeypatch.setattr(Recording, "verdict", said)
    asset = looked_at(film(tmp_path, rate=5))

    assert run("media.judge_film", asset).state == "done"
    asset.refresh_from_db()
    assert asset.verdict == "review"


@pytest.mark.parametrize("says", ["0.1", "0.1\nnan", "0.1\n0.2\n0.3", "0.1\ninf", "0.1\nwhat?"])
def test_a_film_of_which_each_picture_has_no_number_is_for_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    script = tmp_path / "score.py"
    script.write_text(f"print({says!r})")
    monkeypatch.setattr(moderation, "SCRIPT", str(script))

    assert Model().check([b"one", b"two"]) == "review"
    assert Model().check([b"one"]) == ("ok" if says == "0.1" else "review")


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(0.0, "ok"), (0.49, "ok"), (0.5, "review"), (0.84, "review"), (0.85, "refused")],
)
def test_doubt_is_for_a_person(score: float, verdict: str) -> None:
    assert verdict_on(score) == verdict


def test_the_real_model_minds_no_grey_and_gives_each_still_a_number(tmp_path: Path) -> None:
    asset = looked_at(film(tmp_path, seconds=12, rate=5, picture=GREY))
    run("media.make_stills", asset)
    pictures = [still.read() for still in asset.variants.filter(kind="still")]
    scores = Model().scores(pictures)

    assert len(scores) == len(pictures) == 4
    assert all(0 < score < 0.5 for score in scores)
    assert Model().check([]) == "review"


def test_the_real_model_gives_each_picture_the_number_that_is_its_own(tmp_path: Path) -> None:
    """Of what is drawn none is indecent; a plane of a skin's brown comes nearest to it."""
    wanted = {"smptebars": 0.0, "testsrc2": 0.01, "color=black": 0.07, "color=0x8d5524": 0.29}
    stills = {}
    for name in wanted:
        with film(tmp_path, seconds=1, rate=5, picture=name, sound=False).open("rb") as file:
            stills[name] = picture(Source(file.fileno()), at=0, frame=Frame(640, 360))
    scores = dict(zip(stills, Model().scores([*stills.values()]), strict=True))
    others = Model().scores([*reversed(stills.values())])

    assert scores == pytest.approx(wanted, abs=0.08)
    assert sorted(scores, key=scores.__getitem__) == [*wanted]
    assert others == [*reversed(scores.values())]


def test_without_the_model_every_film_is_for_a_person(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(moderator(), Model)
    monkeypatch.setattr("media.films.moderation.PACKAGE", "not_installed_here")
    assert isinstance(moderator(), Staff)
    settings.MODERATOR = "media.films.moderation.Staff"
    assert moderator().check([b"anything"]) == "review"
