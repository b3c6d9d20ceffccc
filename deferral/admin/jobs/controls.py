"""What a person may decide about a long job that lives, and its progress with those buttons."""

from django.http import HttpRequest
from django.urls import reverse

from deferral.admin.kit.decisions import Decision, possible
from deferral.admin.kit.live_progress import Action, LiveProgress, live_progress
from deferral.ledger import control
from deferral.models import Job
from deferral.registry import long_tasks

LIVES = {Job.State.RUNNING, Job.State.PENDING}


def may_control(request: HttpRequest) -> bool:
    """The change permission, although nobody edits a row."""
    return request.user.has_perm("deferral.change_job")


def is_long(job: Job) -> bool:
    """Whether it has steps, and may be stopped between them."""
    return job.task in long_tasks()


def may_pause(job: Job) -> bool:
    """While it lives, and nobody wants it to stop already."""
    return is_long(job) and job.state in LIVES and not job.asked


def may_resume(job: Job) -> bool:
    """Once it is paused, or before its next checkpoint."""
    return is_long(job) and (job.state == Job.State.PAUSED or _asked_now(job) == Job.Asked.PAUSE)


def may_cancel(job: Job) -> bool:
    """While it lives."""
    stops = _asked_now(job) == Job.Asked.CANCEL
    return is_long(job) and job.state in {*LIVES, Job.State.PAUSED} and not stops


def _asked_now(job: Job) -> str:
    return job.asked if job.state in LIVES else ""


CONTROLS = {
    "pause": Decision(
        verb="Pause",
        consequence="It stops at its next checkpoint, within a second or so, and waits until "
        "somebody resumes it. What it has done stays done. What waits for it waits, too.",
        done="is paused, or will be at its next checkpoint.",
        service=control.pause_job,
        may=may_control,
        allowed=may_pause,
        is_noted=True,
    ),
    "resume": Decision(
        verb="Resume",
        consequence="It goes on from its last checkpoint.",
        done="goes on.",
        service=control.resume_job,
        may=may_control,
        allowed=may_resume,
        is_noted=True,
    ),
    "cancel": Decision(
        verb="Cancel",
        consequence="It stops for good, at its next checkpoint: this cannot be undone. What it has "
        "done so far stays as it is. What waits for it goes on without.",
        done="is cancelled, or will be at its next checkpoint.",
        service=control.cancel_job,
        may=may_control,
        allowed=may_cancel,
        is_noted=True,
    ),
}


def progress_with_controls(request: HttpRequest, job: Job) -> LiveProgress:
    """With a link to each decision that this person may make about it now."""
    actions = [
        Action(
            label=f"{one.verb}…", address=reverse("admin:deferral_job_decide", args=[job.pk, name])
        )
        for name, one in possible(request, job, CONTROLS).items()
    ]
    address = reverse("admin:deferral_job_progress", args=[job.pk])
    return live_progress(job, address=address, actions=actions)
