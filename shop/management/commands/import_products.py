"""`manage.py import_products FILE`: products from a CSV file, from a shell: looked at first."""

import getpass
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deferral.errors import NotAllowed, Outcome
from deferral.ledger.progress import progress_of
from deferral.management.words import word
from deferral.models import Job
from deferral.pressure.shedding import refuse
from shop.imports.errors import NotReadable
from shop.imports.keeping import can_be_confirmed, confirm, withdraw
from shop.imports.receiving import receive
from shop.imports.saying import said_of
from shop.models import ProductImport

# Seconds between two looks at a job that one waits for.
EVERY = 0.5
FIRST = 20
OVER = (*Job.SETTLED, Job.State.DEAD, Job.State.PAUSED)


class Command(BaseCommand):
    """Has a worker look at the file, shows what it would do, asks, has it imported."""

    help = "Import products from a CSV file: shown first, and imported once you have said yes."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the admin's page asks."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would do; no more")
        parser.add_argument("--yes", action="store_true", help="do not ask after the dry run")
        parser.add_argument(
            "--by", type=word, default="", help="who decides; kept in the audit log"
        )

    def handle(self, *_: Any, file: Path, dry_run: bool, yes: bool, by: str, **__: Any) -> None:
        """CommandError where nothing, or not all of it, was imported."""
        by = by or getpass.getuser()
        source = self.brought(file, by)
        self.wait(source, source.check_key)
        self.show(source)
        if source.refusal:
            raise CommandError(source.refusal)
        if not self.is_wanted(source, by, dry_run=dry_run, yes=yes):
            self.stdout.write("Nothing was changed.")
            return
        try:
            confirm(productimport_id=source.pk, by=by)
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        self.wait(source, source.import_key)
        self.stdout.write(f"Imported: {said_of(source.results)}")

    def brought(self, file: Path, by: str) -> ProductImport:
        """In storage."""
        if seconds := refuse(["bulk"]):
            msg = f"There is too much work already. Ask again in {seconds} s."
            raise CommandError(msg)
        try:
            with file.open("rb") as content:
                return receive(content, name=file.name, uploaded_by=by)
        except (OSError, NotReadable, Outcome) as error:
            raise CommandError(str(error)) from error

    def wait(self, source: ProductImport, key: str) -> None:
        """Until its job is over, with how far it is; CommandError where it is not done."""
        last = ""
        while (job := Job.objects.filter(key=key).first()) is None or job.state not in OVER:
            current = progress_of(job).current if job else None
            said = f"{current.name}: {current.done:,} of {current.total or 0:,}" if current else ""
            if said != last:
                self.stderr.write(said)
            last = said
            time.sleep(EVERY)
        if job.state != Job.State.DONE:
            msg = f"Its job {key} is {job.state}."
            raise CommandError(msg)
        source.refresh_from_db()

    def show(self, source: ProductImport) -> None:
        """What it would do, and the first lines that are left out."""
        if source.findings is None:
            return
        self.stdout.write(f"{source.name} ({source.read_as}): {said_of(source.findings)}")
        count = source.refused_cells.count()
        for cell in source.refused_cells.all()[:FIRST]:
            self.stdout.write(str(cell))
        if count > FIRST:
            self.stdout.write(f"These are the first {FIRST} of {count:,}: the admin has them all.")

    def is_wanted(self, source: ProductImport, by: str, *, dry_run: bool, yes: bool) -> bool:
        """Whether it is to be imported; else it is withdrawn, also where nobody can be asked."""
        is_agreed = False
        try:
            is_agreed = can_be_confirmed(source) and not dry_run and (yes or self.agrees())
        finally:
            if not is_agreed:
                withdraw(productimport_id=source.pk, by=by, reason="not confirmed")
        return is_agreed

    def agrees(self) -> bool:
        """Asked where somebody can answer; CommandError where nobody can."""
        if not sys.stdin.isatty():
            raise CommandError("Nobody is here to confirm it: say --yes, or --dry-run.")
        return input("Import it? [y/N] ").strip().casefold() in {"y", "yes"}
