"""Beat writes rows. A tick becomes the job `schedule:{name}:{due}` and nothing is published.

So a tick is not lost while the broker is away, two beats make one job of it, and it is retried
and buried like all work. Schedules are rows of django-celery-beat: visible and editable in the
admin; those of the configuration are only created where they are missing.
"""

import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from celery.beat import ScheduleEntry
from celery.schedules import BaseSchedule, schedule
from celery.utils.time import maybe_make_aware
from django.db import Error, connection
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from deferral import heartbeat
from deferral.models import Job
from deferral.outage import is_our_outage
from deferral.presence import sign_in
from deferral.registry import TASKS

log = structlog.get_logger(__name__)


class Scheduler(DatabaseScheduler):  # type: ignore[misc]  # the package has no types
    """django-celery-beat's scheduler with another way out."""

    # The base class would connect to the broker here, and wait for it for ever.
    producer = None

    def setup_schedule(self) -> None:
        """Create the configured schedules that do not exist; never overwrite a person's edit."""
        known = set(self.Model.objects.values_list("name", flat=True))
        configured = self.app.conf.beat_schedule.items()
        self.update_from_dict({name: entry for name, entry in configured if name not in known})

    def apply_async(
        self,
        entry: ScheduleEntry,
        producer: Any = None,
        advance: bool = True,  # noqa: FBT001, FBT002 - the same
        **_: Any,
    ) -> None:
        """Write the job of this tick. A tick that exists already is not written again."""
        due = due_time(entry)
        if advance:
            self.reserve(entry)
        while not _written(entry, due):
            time.sleep(1.0)  # without its database a beat has nothing else to do

    def schedule_changed(self) -> bool:
        """Asked every few seconds; on the way beat says that it lives."""
        heartbeat.beat()
        changed: bool = super().schedule_changed()  # which survives an absent database, as we must
        with contextlib.suppress(Error):
            sign_in("beat")
        return changed


def _written(entry: ScheduleEntry, due: datetime) -> bool:
    """Whether the tick is safe. A tick dropped while the database is away would never come back."""
    try:
        write_tick(name=str(entry.name), task=str(entry.task), kwargs=entry.kwargs or {}, due=due)
    except Error as error:
        if not is_our_outage(error):
            raise
        log.warning("database_away", error=str(error))
        connection.close()
        return False
    return True


def due_time(entry: ModelEntry) -> datetime:
    """When this tick was due, the same for every beat that sees it."""
    last = maybe_make_aware(entry.last_run_at)
    remaining = entry.schedule.remaining_estimate(last)
    # Half a second: "now" was read twice.
    due: datetime = entry.schedule.now() + remaining + timedelta(seconds=0.5)
    return _slot(due.astimezone(UTC).replace(microsecond=0), entry.schedule)


def _slot(due: datetime, when: BaseSchedule) -> datetime:
    """An interval counts from the last run, which each beat remembers by itself: the same grid."""
    if not isinstance(when, schedule):
        return due
    width = max(int(when.run_every.total_seconds()), 1)  # type: ignore[attr-defined]  # not in its stubs
    return datetime.fromtimestamp(due.timestamp() // width * width, UTC)


def write_tick(*, name: str, task: str, kwargs: dict[str, Any], due: datetime) -> bool:
    """Insert the job, once; False when there is none to insert.

    A task that is unknown or not made for schedules is logged, and stays visible in their list:
    the form refuses both, but rows come in other ways too.
    """
    spec = TASKS.get(task)
    if spec is None or not spec.schedulable:
        log.error("schedule_refused", schedule=name, task=task, known=spec is not None)
        return False
    row = Job(
        key=f"schedule:{name[:150]}:{due.isoformat()}",
        subject=f"schedule:{name}"[:100],
        task=task,
        kwargs=kwargs,
        lane=spec.lane,
        stranger=spec.stranger,
        schema_version=spec.schema_version,
    )
    Job.objects.bulk_create([row], ignore_conflicts=True)
    return True
