"""What a person may do with a long job that lives: pause, resume, cancel. Each is recorded.

One that waits is stopped at once. One that runs is asked, and stops at its next checkpoint, within
a second or so; a claim looks too, so that no crash in between forgets it. Not for dead jobs
(`ledger.dead_letters`), nor for short ones: those are over before anybody could say so.
"""

from django.db import transaction
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.errors import NotAllowed
from deferral.ledger.dead_letters import let_go
from deferral.models import Intervention, Job
from deferral.registry import long_tasks

RUNNING, PENDING, PAUSED = Job.State.RUNNING, Job.State.PENDING, Job.State.PAUSED


@transaction.atomic
def pause_job(*, job_id: int, by: str, reason: str = "") -> None:
    """It stops, and waits until somebody resumes it. NotAllowed where it cannot."""
    job = _live(job_id, {RUNNING, PENDING}, "paused")
    if job.state == RUNNING:
        job.asked = Job.Asked.PAUSE
    else:
        job.state, job.sent_at, job.asked = PAUSED, None, Job.Asked.NOTHING
    job.save(update_fields=["state", "sent_at", "asked"])
    _record(Intervention.Action.PAUSE, job, by, reason)


@transaction.atomic
def resume_job(*, job_id: int, by: str, reason: str = "") -> None:
    """It goes on from its last checkpoint. NotAllowed where nobody has paused it."""
    job = _live(job_id, {RUNNING, PENDING, PAUSED}, "resumed")
    if job.state != PAUSED and job.asked != Job.Asked.PAUSE:
        msg = f"{job.key} is not paused."
        raise NotAllowed(msg)
    if job.state == PAUSED:
        job.state, job.next_at = PENDING, Now()
    job.asked = Job.Asked.NOTHING
    job.save(update_fields=["state", "next_at", "asked"])
    _record(Intervention.Action.RESUME, job, by, reason)


@transaction.atomic
def cancel_job(*, job_id: int, by: str, reason: str) -> None:
    """It stops for good; what waits for it goes on without. NotAllowed where it is over."""
    if not reason.strip():
        raise NotAllowed("Say why it may be cancelled. Nothing was done.")
    job = _live(job_id, {RUNNING, PENDING, PAUSED}, "cancelled")
    if job.state == RUNNING:
        job.asked = Job.Asked.CANCEL
        job.save(update_fields=["asked"])
    else:
        let_go([job.pk], states=[PENDING, PAUSED])
    _record(Intervention.Action.CANCEL, job, by, reason)


def _live(job_id: int, states: set[str], past: str) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotAllowed("There is no such job any more.")
    if job.task not in long_tasks():
        msg = f"{job.key} is no long job: it cannot be {past}."
        raise NotAllowed(msg)
    if job.state not in states:
        msg = f"{job.key} is {job.state}: it cannot be {past}."
        raise NotAllowed(msg)
    return job


def _record(action: Intervention.Action, job: Job, by: str, reason: str) -> None:
    Intervention.objects.create(
        action=action, by=by, reason=reason, job=job, about=job.key, subject=job.subject
    )
    crashpoint("control_written")
