"""`manage.py seed`: the catalogue a new shop starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.seeding import seed_catalogue


class Command(BaseCommand):
    """Safe to repeat: creates what is missing, changes nothing else."""

    help = "Create the products of the catalogue that are missing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many were created."""
        created = seed_catalogue()
        self.stdout.write(
            f"Catalogue: {len(created)} products created." if created else "Catalogue: complete."
        )
