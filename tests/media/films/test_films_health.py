"""What the doctor says of films: the program that makes them, and who judges them."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from deferral.models import Job
from media.films.finding import ffmpeg
from media.films.health import check_films
from tests.media.films.filming import film, received, run

pytestmark = pytest.mark.django_db


def said() -> dict[str, tuple[bool, str]]:
    """By the name of the line."""
    return {found.name: (found.well, found.detail) for found in check_films()}


def test_the_program_that_is_found_is_named_with_its_version() -> None:
    well, detail = said()["films"]

    assert well
    assert detail.startswith("ffmpeg ")
    assert detail.endswith(f"({ffmpeg()})")


def test_none_is_ill_only_where_a_film_waits_for_it(tmp_path: Path, settings: Settings) -> None:
    asset = received(film(tmp_path))
    settings.FFMPEG = "/nowhere/ffmpeg"
    well, detail = said()["films"]
    assert well
    assert "FFMPEG names /nowhere/ffmpeg, which is no program." in detail

    run("media.look_at_film", asset)
    assert Job.objects.get().snoozes == 1
    well, detail = said()["films"]
    assert (well, detail.endswith("Films wait for it: 1.")) == (False, True)


@pytest.mark.parametrize("script", ["exit 1", "exec sleep 60"])
def test_one_that_does_not_run_is_ill(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr("media.films.health.PATIENCE", 0.2)
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    settings.FFMPEG = str(program)
    well, detail = said()["films"]

    assert (well, "does not run" in detail) == (False, True)


def test_it_says_who_judges(settings: Settings) -> None:
    settings.MODERATOR = "media.films.moderation.Staff"
    assert said()["films' judge"][1].startswith("staff look at each film")
    settings.MODERATOR = "media.films.moderation.Model"
    assert said()["films' judge"][1].startswith("the model of the extra media")
