"""`manage.py move_files s3`: every file into another storage, while the shop sells."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deferral.errors import Outcome
from media import places
from media.moving import Report, move, to_move

EVERY = 1.0  # seconds between two lines


class Command(BaseCommand):
    """Copies, reads back, compares with the hash in the row; then the row names the new place."""

    help = (
        "Copy every file into another storage, read it back, and compare it with the hash in its "
        "row. Stop it whenever you like: run again, it goes on with what is left. Files can be "
        "read at every moment. docs/patterns/storage.md says in which order to change settings."
    )
    told_at = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        """What is set up is offered."""
        parser.add_argument("to", choices=places.names(), help="where every file shall stand")
        parser.add_argument(
            "--delete-source",
            action="store_true",
            help="delete a file elsewhere once it was read back in the new place; looks at all "
            "files, those moved before too",
        )
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *_: Any, to: str, delete_source: bool, dry_run: bool, **__: Any) -> None:
        """Exit with 1 where a file is lost or damaged, or a storage is away."""
        if delete_source and to != places.current():
            msg = f"New files still go to {places.current()}: set MEDIA_STORAGE={to} first."
            raise CommandError(msg)
        if dry_run:
            left = to_move(to, delete_source=delete_source)
            self.stdout.write(f"{left:,} files to look at. Nothing was changed.")
            return
        try:
            report = move(to, delete_source=delete_source, told=self.tell)
        except Outcome as error:
            msg = f"{error}. Run it again: it goes on with what is left."
            raise CommandError(msg) from error
        self.conclude(report, to)

    def tell(self, report: Report) -> None:
        """At most once a second."""
        if time.monotonic() - self.told_at >= EVERY:
            self.told_at = time.monotonic()
            self.stdout.write(f"{report.seen:,} of {report.total:,} files")
            self.stdout.flush()

    def conclude(self, report: Report, to: str) -> None:
        """What became of all of them."""
        gone = f", {report.deleted:,} copies elsewhere deleted" if report.deleted else ""
        self.stdout.write(f"{report.moved:,} files are in {to}, read back and compared{gone}.")
        if to != places.current():
            self.stdout.write(f"New ones still go to {places.current()} (MEDIA_STORAGE).")
        if report.lost:
            names = ", ".join(report.lost[:20])
            msg = f"{len(report.lost):,} are whole in no storage, and were left: {names}"
            raise CommandError(msg)
