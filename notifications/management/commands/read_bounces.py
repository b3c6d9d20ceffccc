"""manage.py read_bounces: suppress the addresses whose mails came back."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.campaigns.bounces import LARGEST, read_bounce


class Command(BaseCommand):
    """One mail from standard input, as a mail server pipes it, or each new one of a Maildir."""

    help = "Suppress the addresses whose campaign mails came back for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where mails are, and where they came back to."""
        parser.add_argument("--maildir", help="a Maildir; what was read is moved out of new/")
        parser.add_argument("--to", default="", help="where it came back to, of standard input")

    def handle(self, **options: Any) -> None:
        """One line for each mail. What was read stays readable: it is moved, not deleted."""
        if options["maildir"]:
            self._read_folder(Path(options["maildir"]))
        else:
            self.stdout.write(read_bounce(sys.stdin.buffer.read(LARGEST), to=options["to"]))

    def _read_folder(self, folder: Path) -> None:
        if not (folder / "new").is_dir():
            msg = f"{folder} is no Maildir: it has no folder `new`."
            raise CommandError(msg)
        (folder / "cur").mkdir(exist_ok=True)
        for path in sorted((folder / "new").iterdir()):
            with path.open("rb") as mail:
                self.stdout.write(read_bounce(mail.read(LARGEST)))
            path.rename(folder / "cur" / f"{path.name}:2,S")  # `seen`, as a Maildir says it
