"""A schedule's due ticks become jobs, and the moment it counts from moves on: both or neither.

So a beat that dies in between loses no tick and doubles none, and of two beats the second finds it
done. What is due is `reckoning`'s to say.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.db.models import F
from django_celery_beat.models import PeriodicTask

from deferral.crashpoints import crashpoint
from deferral.database.outage import is_our_outage
from deferral.models import Job, Schedule
from deferral.registry import TASKS
from deferral.schedules.reckoning import Reckoning, arguments_of, reckon

log = structlog.get_logger(__name__)

ROWS = Schedule.objects.select_related("form__interval", "form__clocked")
LONGEST_NAME = 130


def tick_all(now: datetime) -> datetime | None:
    """Every schedule once; return when the next one is due. One that fails stops no other."""
    adopt()
    return min(filter(None, (_look(row, now) for row in all_schedules())), default=None)


def all_schedules() -> list[Schedule]:
    """With what each says in its form. A time zone that is gone spoils its own schedule alone."""
    rows = ROWS.order_by("form__name")
    try:
        return list(rows.select_related("form__crontab"))
    except ValidationError:
        return list(rows)


def adopt() -> None:
    """Remember the schedules that nobody has looked at yet."""
    new = PeriodicTask.objects.filter(kept=None).values_list("pk", flat=True)
    Schedule.objects.bulk_create((Schedule(form_id=pk) for pk in new), ignore_conflicts=True)


def _look(row: Schedule, now: datetime) -> datetime | None:
    found = reckon(row, now)
    if found.is_known(row):
        return found.coming
    if found.wrong:
        log.error("schedule_refused", schedule=row.form.name, reason=found.wrong)
    try:
        tick(row.pk, now)
    except Error as error:
        if is_our_outage(error):
            raise
        log.exception("schedule_failed", schedule=row.form.name)
    return found.coming


@transaction.atomic
def tick(schedule_id: int, now: datetime) -> int:
    """Write the jobs that are due; return how many. None while another beat is at it."""
    row = ROWS.select_for_update(of=("self",), skip_locked=True).filter(pk=schedule_id).first()
    if row is None:
        return 0
    found = reckon(row, now)
    if found.due:
        _write(row, found)
        _tell_form(row.form, now, len(found.due))
    row.counted_from, row.meaning = found.counted_from, found.meaning
    row.set_back = found.set_back
    row.save(update_fields=["counted_from", "meaning", "set_back"])
    return len(found.due)


def _write(row: Schedule, found: Reckoning) -> None:
    form, kwargs = row.form, arguments_of(row.form)
    for due in found.due:
        write_tick(name=form.name, task=form.task, kwargs=kwargs, due=due, again=found.set_back)
    crashpoint("tick_written")


def _tell_form(form: PeriodicTask, now: datetime, count: int) -> None:
    """What the list of schedules shows. Not by save(), which would be an edit."""
    shown: dict[str, Any] = {
        "last_run_at": now,
        "total_run_count": F("total_run_count") + count,
        "enabled": not form.one_off,
    }
    PeriodicTask.objects.filter(pk=form.pk).update(**shown)


def write_tick(
    *, name: str, task: str, kwargs: dict[str, Any], due: datetime, again: int = 0
) -> bool:
    """Insert the job, once; False when there is none to insert.

    A task that is unknown or not made for schedules is logged, and stays visible in their list:
    the form refuses both, but rows come in other ways too. `again` keeps the keys apart of ticks
    that the clock went through twice.
    """
    spec = TASKS.get(task)
    if spec is None or not spec.schedulable:
        log.error("schedule_refused", schedule=name, task=task, known=spec is not None)
        return False
    row = Job(
        key=tick_key(name, due, again),
        subject=f"schedule:{name}"[:100],
        task=task,
        kwargs=kwargs,
        queue=spec.queue,
        service=spec.service,
        schema_version=spec.schema_version,
    )
    Job.objects.bulk_create([row], ignore_conflicts=True)
    return True


def tick_key(name: str, due: datetime, again: int = 0) -> str:
    """`schedule:{name}:{due}`. Two long names that begin alike are still two."""
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 9]}~{sha256(name.encode()).hexdigest()[:8]}"
    return f"schedule:{name}:{due.astimezone(UTC).isoformat()}" + (f":{again}" if again else "")
