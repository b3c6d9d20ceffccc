"""`manage.py reindex`: the whole search made again, while the shop sells."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deferral.errors import NotAllowed
from shop.search.rebuilding import rebuild

EVERY = 1.0  # seconds between two lines


class Command(BaseCommand):
    """Built beside the one that is read, and put in its place in a moment."""

    help = (
        "Make the search again from all products. The shop sells and searches meanwhile; stopped "
        "at any moment, it leaves the search as it was. Changes of products need none of this: a "
        "job follows each."
    )
    told_at = 0.0

    def handle(self, *_: Any, **__: Any) -> None:
        """CommandError while another one is under way."""
        began = time.monotonic()
        try:
            count = rebuild(self.tell)
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count:,} products indexed in {time.monotonic() - began:.0f} s.")

    def tell(self, done: int, total: int) -> None:
        """At most once a second."""
        if time.monotonic() - self.told_at >= EVERY:
            self.told_at = time.monotonic()
            self.stdout.write(f"{done:,} of {total:,} products")
            self.stdout.flush()
