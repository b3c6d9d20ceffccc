"""What a worker does for an upload that is whole. Limits in seconds."""

import structlog

from deferral.policies import PROMPT
from deferral.tasks import deferred_task
from media.limits import MOST_BYTES, SLOWEST
from media.places import asked_for_files
from media.uploads import finishing, sweeping

log = structlog.get_logger(__name__)

# It is read from a bucket once, or twice from a disk that gives some MB a second.
LONGEST = 300 + MOST_BYTES["film"] // SLOWEST


@deferred_task(
    name="media.finish_upload",
    queue="media",
    retry=PROMPT,
    time_limit=LONGEST,
    service=asked_for_files(),
)
def finish_upload(*, tag: str) -> None:
    """Look at it, file it, attach it. Safe to repeat, and to kill."""
    finishing.finish(tag=tag)


@deferred_task(
    name="media.sweep_uploads",
    queue="bulk",
    retry=PROMPT,
    # A bucket that is silent costs each upload a question.
    time_limit=3_600,
    service=asked_for_files(),
    schedulable=True,
)
def sweep_uploads() -> None:
    """Every night, whatever becomes of the sweep of the files: what nobody goes on with. Safe to
    repeat.
    """
    log.info("uploads_swept", uploads=sweeping.sweep_uploads())
