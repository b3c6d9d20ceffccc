"""Jobs of a campaign that nobody tries any more: what was theirs to do stands still until somebody
decides.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from deferral.models import Job
from notifications.models import Campaign

# So many are named; the list of jobs has all of them.
NAMED = 5


def dead_jobs(campaigns: Iterable[Campaign]) -> QuerySet[Job]:
    """Those of these campaigns, the oldest first."""
    subjects = [campaign.subject for campaign in campaigns]
    return Job.objects.filter(subject__in=subjects, state=Job.State.DEAD).order_by("id")
