"""Whether anything is still to come of an upload, as its event and its jobs say."""

from django.db.models import Exists, OuterRef, QuerySet

from deferral.models import Event, Job
from media.models import Asset, Variant

# Of each upload the last of its jobs: it makes nothing.
NEWS = "media.tell_ready"
LIVE = (Job.State.WAITING, Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)


def is_any_underway(assets: QuerySet[Asset]) -> bool:
    """Whether one of these, of which there is nothing yet, is being made or is about to be.

    One that was given up is not: somebody has to act before anything comes of it.
    """
    nothing_yet = assets.filter(~Exists(Variant.objects.filter(asset=OuterRef("pk"))))
    subjects = [one.subject for one in nothing_yet]
    if not subjects:
        return False
    jobs = Job.objects.filter(subject__in=subjects, state__in=LIVE).exclude(task=NEWS)
    events = Event.objects.filter(subject__in=subjects, state=Event.State.PENDING)
    return jobs.exists() or events.exists()
