"""`manage.py doctor`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from deferral.health import CHECKS


class Command(BaseCommand):
    """One line for each thing the shop needs."""

    help = "Say of database, broker, relay, beat, lanes and strangers whether they are well."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Exit with 1 when something is wrong."""
        ill = 0
        try:
            for finding in (found for check in CHECKS for found in check()):
                ill += not finding.well
                self._say(finding.name, finding.detail, well=finding.well)
        except Error as error:
            self._say("database", str(error).strip(), well=False)
            ill += 1
        if ill:
            msg = f"{ill} of these need attention."
            raise CommandError(msg)

    def _say(self, name: str, detail: str, *, well: bool) -> None:
        word = self.style.SUCCESS("well") if well else self.style.ERROR("ILL ")
        self.stdout.write(f"{word}  {name:<18} {detail}")
