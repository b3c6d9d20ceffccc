"""What the workers do for files. Limits in seconds."""

import structlog

from deferral.policies import PROMPT
from deferral.tasks import deferred_task
from media.places import asked_for_files
from media.sweeping import sweep

log = structlog.get_logger(__name__)


@deferred_task(
    name="media.sweep_files",
    queue="bulk",
    retry=PROMPT,
    time_limit=600,
    service=asked_for_files(),
    schedulable=True,
)
def sweep_files() -> None:
    """Every night. Safe to repeat: what is gone is gone."""
    log.info("files_swept", **sweep())
