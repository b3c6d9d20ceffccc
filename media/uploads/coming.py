"""What is on its way to something that somebody is about to decide about."""

from datetime import timedelta

from django.utils import timezone

from media.models import Upload
from media.uploads.ending import UNDER_WAY

# What has not moved for so long is waited for no longer. Of a file that goes into a bucket nothing
# is seen to move.
LATELY = timedelta(hours=1)


def coming(purpose: str, subject: str) -> Upload | None:
    """The latest that its sender goes on with, or that is whole and about to be looked at."""
    found = Upload.objects.filter(purpose=purpose, subject=subject, state__in=UNDER_WAY)
    return found.filter(moved_at__gt=timezone.now() - LATELY).first()
