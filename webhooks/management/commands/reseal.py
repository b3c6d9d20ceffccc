"""`manage.py reseal`: after a new key was put in front of SEALING_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from webhooks.resealing import reseal


class Command(BaseCommand):
    """Seal every secret in the database with the first key. Then the others may go."""

    help = __doc__

    def handle(self, *_: Any, **__: Any) -> None:
        """Say how many there were. An error where one cannot be opened; the others are done."""
        done, closed = reseal()
        self.stdout.write(f"{done} sealed with the first key.")
        if closed:
            names = ", ".join(closed)
            msg = f"Cannot be opened with any of SEALING_KEYS, and left: {names}."
            raise CommandError(msg)
