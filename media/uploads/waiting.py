"""What is whole waits for its job. Whether that still comes, the ledger says."""

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from deferral.models import Job
from media.models import Upload

# Nobody comes back to these by themselves: staff replay a dead one, or nobody does.
GIVEN_UP = (Job.State.DEAD, Job.State.DISCARDED)
OVER = (*Job.SETTLED, Job.State.DEAD)

_jobs = Job.objects.filter(key=Concat(Value(Upload.key_of("")), OuterRef("tag")))
# Of a query of uploads.
HAS_A_JOB = Exists(_jobs.exclude(state__in=OVER))
IS_DISCARDED = Exists(_jobs.filter(state=Job.State.DISCARDED))


def is_given_up(upload: Upload) -> bool:
    """Its job is a dead letter, or was discarded."""
    return Job.objects.filter(key=upload.key, state__in=GIVEN_UP).exists()


def is_discarded(upload: Upload) -> bool:
    """By staff: nobody looks at it any more."""
    return Job.objects.filter(key=upload.key, state=Job.State.DISCARDED).exists()
