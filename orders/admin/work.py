"""What the machinery does about one order, as a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from deferral.admin import markup
from deferral.models import Event, Job
from deferral.selectors import jobs_of, unserved_lanes
from orders.models import Order


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One job."""

    task: str
    key: str
    state: str
    attempts: int
    waited: str
    ran: str
    next_try: str
    last_error: str
    address: str
    flower: str


def jobs_about(order: Order) -> list[Row]:
    """In the order in which they were decided: two queries, however many there are."""
    jobs = list(jobs_of(order.subject))
    pending = any(job.state == Job.State.PENDING for job in jobs)
    unserved = unserved_lanes() if pending else set()
    return [row(job, unserved) for job in jobs]


def row(job: Job, unserved: set[str]) -> Row:
    """How it went."""
    waits = job.state == Job.State.PENDING
    last = job.errors[-1] if job.errors else {}
    nobody = f" - nobody serves the lane {job.lane}" if waits and job.lane in unserved else ""
    return Row(
        task=job.task,
        key=job.key,
        state=job.state + nobody,
        attempts=job.attempts,
        waited=markup.between(job.created_at, job.started_at),
        ran=markup.between(job.started_at, job.settled_at),
        next_try=markup.clock(job.next_at) if waits else markup.NOTHING,
        last_error=markup.cut_error(last.get("class"), last.get("message")),
        address=reverse("admin:deferral_job_change", args=[job.pk]),
        flower=markup.flower_url(job),
    )


def events_about(order: Order) -> Iterable[Event]:
    """What happened to it, first things first."""
    return Event.objects.filter(subject=order.subject).defer("errors", "payload").order_by("id")
