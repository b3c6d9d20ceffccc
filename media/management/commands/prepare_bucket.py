"""`manage.py prepare_bucket`: what a bucket must be told before pages read from it."""

from typing import Any

from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from deferral.errors import Outcome
from media.places import BUCKET, names
from media.visiting import our_origin


class Command(BaseCommand):
    """Safe to repeat; again when SITE_URL has changed."""

    help = (
        "Have the bucket of BUCKET_NAME allow scripts of SITE_URL to read files they have an "
        "address for, and to send those they have a form for (CORS). Other such rules of the "
        "bucket are replaced."
    )

    def handle(self, *_: Any, **__: Any) -> None:
        """Exit with 1 where there is no bucket, or it refuses."""
        if BUCKET not in names():
            msg = "No bucket is set: BUCKET_NAME."
            raise CommandError(msg)
        try:
            storages[BUCKET].let_read(our_origin())  # type: ignore[attr-defined]  # a BucketStorage
        except Outcome as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Pages of {our_origin()} may read from the bucket, and send to it.")
