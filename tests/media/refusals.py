"""What whoever writes to a bucket, or reads from it, is told."""

import pytest
from pytest_django.fixtures import Settings

from deferral.errors import Outcome
from media.filing import file_away
from media.places import place
from tests.rig.buckets import bucket_at, use_bucket

NAME = "documents/ab/x.pdf"


def refusal(settings: Settings, url: str, **changes: str) -> Outcome:
    """Of a file that is written."""
    use_bucket(settings, bucket_at(url, **changes))
    with pytest.raises(Outcome) as told:
        file_away(b"paper", key="receipt:1", folder="documents", suffix=".pdf")
    return told.value


def refused(settings: Settings, url: str) -> Outcome:
    """Of a file that is read."""
    use_bucket(settings, bucket_at(url))
    with pytest.raises(Outcome) as told:
        place("s3").fetch(NAME)
    return told.value
