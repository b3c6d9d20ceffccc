"""What the workers do for files. Limits in seconds."""

from functools import partial

import structlog

from deferral.long_jobs import Step, step
from deferral.policies import PROMPT
from deferral.tasks import deferred_task
from media import places, services
from media.films.tasks import judge_film, look_at_film, make_rendition, make_stills
from media.pictures import completing, making
from media.places import asked_for_files
from media.sweeping import sweep_files, sweep_remains
from media.uploads.tasks import finish_upload, sweep_uploads

__all__ = [
    "complete_pictures",
    "finish_upload",
    "judge_film",
    "look_at_film",
    "make_picture",
    "make_rendition",
    "make_stills",
    "sweep",
    "sweep_uploads",
    "tell_ready",
]

log = structlog.get_logger(__name__)


@deferred_task(
    name="media.sweep_files",
    queue="bulk",
    retry=PROMPT,
    # All names are listed before any file is deleted.
    time_limit=3_600,
    service=asked_for_files(),
    schedulable=True,
    long=True,
)
def sweep() -> None:
    """Every night: delete what nobody needs, and count it. Safe to repeat: what is gone is gone."""
    for where in places.names():
        files = step(f"files in {where}", partial(_sweep, where), unit="files")
        remains = step(f"remains in {where}", partial(_sweep_remains, where))
        log.info("files_swept", place=where, files=files, remains=remains)


def _sweep(where: str, current: Step) -> int:
    return sweep_files(where, current.advance)


def _sweep_remains(where: str, _: Step) -> int:
    return sweep_remains(where)


@deferred_task(
    name="media.make_picture",
    queue="media",
    retry=PROMPT,
    time_limit=60,
    service=asked_for_files(),
    long=True,
)
def make_picture(*, tag: str) -> None:
    """Make the variants of a picture that are missing. Safe to repeat, and to kill."""
    making.make_picture(tag=tag)


@deferred_task(
    name="media.complete_pictures",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    schedulable=True,
    long=True,
)
def complete_pictures() -> None:
    """Every night: the sizes that are missing of pictures made before there were these. Safe to
    repeat.
    """
    completing.complete_pictures()


@deferred_task(name="media.tell_ready", queue="media", retry=PROMPT, time_limit=30)
def tell_ready(*, tag: str) -> None:
    """Announce that all is made of an upload, or needs somebody. Once."""
    services.tell_ready(tag=tag)
