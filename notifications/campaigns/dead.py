"""Jobs of a campaign that nobody tries any more, or that somebody has stopped: what was theirs to
do stands still until somebody decides.
"""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from deferral.models import Job
from notifications.models import Campaign, Recipient

# So many are named; the list of jobs has all of them.
NAMED = 5
FREEZE = "notifications.freeze_audience"
# Those that a recipient waits for. A test mail, which has the same subject, is nobody's.
TASKS = (FREEZE, "notifications.send_chunk", "notifications.skip_recipients")
STOPPED = (Job.State.PAUSED, Job.State.DISCARDED)


def dead_jobs(campaigns: Iterable[Campaign]) -> QuerySet[Job]:
    """Those of these campaigns, the oldest first."""
    subjects = [campaign.subject for campaign in campaigns]
    return _dead().filter(subject__in=subjects).order_by("id")


def stopped_freezing(campaign: Campaign) -> Job | None:
    """The job that writes its audience down, where a person has stopped it before it was whole."""
    if not campaign.is_freezing:
        return None
    jobs = Job.objects.filter(subject=campaign.subject, task=FREEZE, state__in=STOPPED)
    return jobs.order_by("id").last()


def counted() -> dict[int, int]:
    """How many, by the campaign, whatever its state."""
    rows = _dead().order_by().values_list("kwargs__campaign_id").annotate(count=Count("pk"))
    return dict(rows)


def waited_for(campaign_ids: Iterable[int]) -> QuerySet[Campaign]:
    """Those of them in which somebody waits: also a cancelled one whose rest is not skipped."""
    waiting = Recipient.objects.filter(campaign=OuterRef("pk"), state__in=Recipient.OPEN)
    is_waited_for = Exists(waiting) | Q(state__in=Campaign.OPEN)
    return Campaign.objects.filter(is_waited_for, pk__in=campaign_ids)


def _dead() -> QuerySet[Job]:
    return Job.objects.filter(task__in=TASKS, state=Job.State.DEAD)
