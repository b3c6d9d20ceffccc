"""`manage.py seed`: the catalogue a new shop starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.events import MOST_AT_ONCE
from shop.search.indexing import bring_up
from shop.search.repairing import behind
from shop.seeding import seed_catalogue


class Command(BaseCommand):
    """Safe to repeat: creates what is missing, and changes nothing else. The search knows it."""

    help = "Create the products of the catalogue that are missing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many were created. No worker is needed for them to be found."""
        created = seed_catalogue()
        bring_up(behind(MOST_AT_ONCE))
        self.stdout.write(
            f"Catalogue: {len(created)} products created." if created else "Catalogue: complete."
        )
