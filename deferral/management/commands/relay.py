"""`manage.py relay`: one relay, until it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from deferral.relay.loop import Relay


class Command(BaseCommand):
    """Turns events into jobs and due jobs into messages. Any number of copies may run."""

    help = "Turn events into jobs and due jobs into messages, until told to stop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Until SIGTERM or SIGINT. Outages of database and broker do not end it."""
        Relay().run()
