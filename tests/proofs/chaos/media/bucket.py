"""A shop whose files are in a bucket: its processes, and this one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.test import override_settings

from config.storages import bucket, storages
from tests.rig.s3 import BUCKET, KEY, SECRET


@contextmanager
def kept_in(url: str) -> Iterator[None]:
    """Whatever is started in the block keeps its files there, as does this process."""
    variables = {
        "MEDIA_STORAGE": "s3",
        "BUCKET_NAME": BUCKET,
        "BUCKET_URL": url,
        "BUCKET_REGION": "us-east-1",
        "BUCKET_KEY_ID": KEY,
        "BUCKET_SECRET": SECRET,
    }
    with patch.dict(os.environ, variables):
        found = bucket()
        place, known = storages(found)
        with override_settings(STORAGES=known, MEDIA_PLACE=place, BUCKET=found):
            yield
