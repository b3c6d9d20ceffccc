"""Can films be made on this machine, and who judges them? A line of `manage.py doctor`."""

import subprocess
from collections.abc import Iterable

from deferral.health import Finding, health_check
from deferral.models import Job
from media.films.errors import NoFfmpeg
from media.films.finding import ffmpeg
from media.films.moderation import Model, Staff, moderator

# Seconds in which a program says its version.
PATIENCE = 3.0
TASKS = ("media.look_at_film", "media.make_rendition", "media.make_stills")
ELSEWHERE = "Here no film can be made; a worker on another machine may have it."


@health_check
def check_films() -> Iterable[Finding]:
    """Ill where a film waits for the program, or where what was found does not run.

    None on this machine is not ill by itself: only a worker of the queue `media` needs it.
    """
    try:
        path = ffmpeg()
        said = _version(path)
    except NoFfmpeg as error:
        count = waiting()
        told = f"{error} {ELSEWHERE}" + (f" Films wait for it: {count}." if count else "")
        yield Finding(name="films", well=not count, detail=told)
    except (OSError, subprocess.SubprocessError) as error:
        yield Finding(name="films", well=False, detail=f"{path} does not run: {error}")
    else:
        yield Finding(name="films", well=True, detail=f"{said} ({path})")
    yield Finding(name="films' judge", well=True, detail=judge())


def waiting() -> int:
    """Films of which a job has found no program where it ran."""
    jobs = Job.objects.filter(task__in=TASKS, state=Job.State.PENDING, snoozes__gt=0)
    return jobs.values("subject").distinct().count()


def judge() -> str:
    """Who looks at stills before anybody sees the film."""
    chosen = moderator()
    if isinstance(chosen, Model):
        return "the model of the extra media, here; what it doubts is for staff"
    if isinstance(chosen, Staff):
        return "staff look at each film: here the model of the extra media is not installed"
    return f"{type(chosen).__module__}.{type(chosen).__qualname__}"


def _version(path: str) -> str:
    """`ffmpeg 9.0.2-static`. OSError, SubprocessError where it does not run."""
    asked = subprocess.run(  # noqa: S603 - of the settings, or of the system
        [path, "-hide_banner", "-version"],
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
    )
    words = asked.stdout.decode(errors="replace").split()
    return f"ffmpeg {words[2][:40]}" if len(words) > 2 else "a program that says no version"
