"""`manage.py relay`."""

from typing import Any

from django.core.management.base import BaseCommand

from deferral.relay.loop import Relay


class Command(BaseCommand):
    """Turns events into jobs and due jobs into messages. Any number of copies may run."""

    help = "Turn events into jobs and due jobs into messages, until told to stop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until told to stop."""
        Relay().run()
