"""A film is refused for what it is, never for what happened to whoever looked at it."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from deferral.models import Job
from media.films import giving_up, renditions
from media.films.errors import ProgramFailed
from media.films.looking import key_of_look
from tests.media.films.filming import facts_of, film, looked_at, received, run

KILLED = "kill -KILL $$"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A good film."""
    return film(tmp_path)


def instead(settings: Settings, folder: Path, does: str, shell: str = "/bin/sh") -> None:
    """From now on ffmpeg is something else."""
    program = folder / "ffmpeg"
    program.write_text(f"#!{shell}\n{does}\n")
    program.chmod(0o755)
    settings.FFMPEG = str(program)


@pytest.mark.parametrize(
    ("does", "shell"),
    [
        (KILLED, "/bin/sh"),
        ("kill -TERM $$", "/bin/sh"),
        ("exit 255", "/bin/sh"),
        ("exit 244", "/bin/sh"),
        ("", "/nowhere"),
    ],
    ids=["killed", "ended", "asked to end", "without memory", "never begun"],
)
def test_what_befalls_the_reader_says_nothing_of_the_film(
    path: Path, settings: Settings, does: str, shell: str
) -> None:
    instead(settings, path.parent, does, shell)

    with pytest.raises(ProgramFailed):
        facts_of(path)


@pytest.mark.django_db
def test_a_film_whose_reader_is_killed_is_looked_at_again(path: Path, settings: Settings) -> None:
    found = settings.FFMPEG
    asset = received(path)
    instead(settings, path.parent, KILLED)
    assert run("media.look_at_film", asset, key=key_of_look(asset)).state == "pending"
    settings.FFMPEG = found

    assert run("media.look_at_film", asset, key=key_of_look(asset)).state == "done"
    asset.refresh_from_db()
    assert (asset.verdict, asset.width) == ("", 320)


@pytest.mark.django_db
def test_one_whose_reader_is_killed_thrice_is_for_a_person(path: Path, settings: Settings) -> None:
    asset = received(path)
    instead(settings, path.parent, KILLED)
    states = [run("media.look_at_film", asset).state for _ in range(giving_up.TRIES)]

    assert states == ["pending", "pending", "dead"]
    asset.refresh_from_db()
    assert asset.verdict == ""


@pytest.mark.django_db
def test_a_rendition_that_cannot_be_read_is_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = looked_at(path)
    with monkeypatch.context() as patched:
        patched.setattr(renditions, "encode", lambda *_: None)
        run("media.make_rendition", asset, size=480)
        assert Job.objects.get(task="media.make_rendition", attempts=1).state == "pending"

    assert run("media.make_rendition", asset, size=480).state == "done"
