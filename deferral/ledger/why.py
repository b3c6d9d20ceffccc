"""Why a job waits, in a sentence for whoever asks: in the admin, and by `manage.py jobs`."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from deferral.ledger.serving import unserved_queues
from deferral.models import Breaker, Job

# An earlier one of its series that is open: the states of `ledger.ordering`.
OPEN = ("waiting", "pending", "running", "paused", "dead")


def why_it_waits(job: Job) -> str:
    """ "" for what does not wait: it runs, or is over."""
    if job.state == Job.State.WAITING:
        return f"It waits for {job.open_parts} other jobs, its parts."
    if job.state == Job.State.PAUSED:
        return f"{_who_paused(job)} It goes on from its last checkpoint once somebody resumes it."
    if job.state == Job.State.DEAD:
        return "It is dead: it waits until a person replays or discards it."
    return _why_pending(job) if job.state == Job.State.PENDING else ""


def held_up_by(job: Job) -> QuerySet[Job]:
    """The later ones of its series, which wait until it is over; its body waits, too."""
    if job.ordering_key is None or job.state in Job.SETTLED:
        return Job.objects.none()
    series = Job.objects.filter(ordering_key=job.ordering_key, state__in=OPEN, pk__gt=job.pk)
    return series.order_by("id")


def _who_paused(job: Job) -> str:
    found = job.interventions.filter(action="pause").order_by("-id").first()
    if found is None:
        return "It was paused."
    reason = f": {found.reason}" if found.reason else ""
    return f"{found.by} paused it{reason}."


def _why_pending(job: Job) -> str:
    if before := _predecessor(job):
        return f"It comes after {before.key}, which is {before.state}."
    if later := _later(job):
        return later
    if job.queue in unserved_queues():
        return f"No worker serves the queue {job.queue}."
    ahead = Job.objects.filter(queue=job.queue, state="pending", next_at__lt=job.next_at)
    count = ahead.filter(expires_at=None)[:1_000].count()
    if not count:
        return f"It is the next of the queue {job.queue}."
    return f"Jobs of the queue {job.queue} that come before it: {count}."


def _predecessor(job: Job) -> Job | None:
    if job.ordering_key is None:
        return None
    series = Job.objects.filter(ordering_key=job.ordering_key, state__in=OPEN, pk__lt=job.pk)
    return series.order_by("id").first()


def _later(job: Job) -> str:
    """It is not its time: it failed, was not its turn, or its service is away."""
    wait = job.next_at - timezone.now()
    if wait <= timedelta():
        return ""
    at = f"{timezone.localtime(job.next_at):%Y-%m-%d %H:%M:%S}"
    away = Breaker.objects.filter(name=job.service, open_until__gt=timezone.now())
    if job.service and away.exists():
        return f"{job.service} is left alone for now: it is tried again at {at}."
    if job.errors:
        return f"It failed, and is tried again at {at}: {job.errors[-1]['message'][:200]}"
    return f"It is due at {at}."
