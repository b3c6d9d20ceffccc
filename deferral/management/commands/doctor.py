"""`manage.py doctor`: whether everything that the shop needs is well. Exits with 1 if not."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from deferral.health import CHECKS, Check, Finding


class Command(BaseCommand):
    """One line for each thing the shop needs."""

    help = (
        "Say of database, broker, relay, beat, queues and external services whether they are well."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Exit with 1 when something is wrong."""
        ill = 0
        for finding in (found for check in CHECKS for found in _asked(check)):
            ill += not finding.well
            self._say(finding.name, finding.detail, well=finding.well)
        if ill:
            msg = f"{ill} of these need attention."
            raise CommandError(msg)

    def _say(self, name: str, detail: str, *, well: bool) -> None:
        word = self.style.SUCCESS("well") if well else self.style.ERROR("ILL ")
        self.stdout.write(f"{word}  {name:<18} {detail}")


def _asked(check: Check) -> Iterator[Finding]:
    """What the database will not say to one question it may say to the next."""
    try:
        yield from check()
    except Error as error:
        name = check.__name__.removeprefix("check_")
        yield Finding(name=name, well=False, detail=f"not known: {str(error).strip()}")
