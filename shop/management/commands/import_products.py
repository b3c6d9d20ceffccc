"""`manage.py import_products FILE`: products from a CSV file, from a shell: looked at first."""

import getpass
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deferral.errors import NotAllowed, Outcome
from deferral.ledger.progress import progress_of
from deferral.management.waiting import Waiting
from deferral.management.words import word
from deferral.models import Job
from deferral.pressure.shedding import refuse
from shop.imports.errors import NotReadable
from shop.imports.keeping import can_be_confirmed, confirm, withdraw
from shop.imports.packing import packed
from shop.imports.receiving import receive
from shop.imports.saying import MORE, said_of, unsaid
from shop.models import ProductImport

FIRST = 20
OVER = (*Job.SETTLED, Job.State.DEAD, Job.State.PAUSED)


class Command(BaseCommand):
    """Has a worker look at the file, shows what it would do, asks, has it imported."""

    help = "Import products from a CSV file: shown first, and imported once you have said yes."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the admin's page asks."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--pictures", type=Path, help="a folder or a ZIP with what the column Pictures names"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what it would do; no more")
        ends = parser.add_mutually_exclusive_group()
        ends.add_argument("--yes", action="store_true", help="do not ask after the dry run")
        ends.add_argument(
            "--no-wait",
            action="store_true",
            help="bring it, and leave: what it would do is shown in the admin, and confirmed there",
        )
        parser.add_argument(
            "--by", type=word, default="", help="who decides; kept in the audit log"
        )

    def handle(
        self, *_: Any, file: Path, pictures: Path | None, no_wait: bool, by: str, **options: Any
    ) -> None:
        """CommandError where nothing, or not all of it, was imported."""
        by = by or getpass.getuser()
        source = self.brought(file, pictures, by)
        if no_wait:
            self.stdout.write(f"{source.name} is brought. The admin shows what it would do.")
            return
        self.wait(source, source.check_key)
        self.show(source)
        if source.refusal:
            raise CommandError(source.refusal)
        wishes = {name: options[name] for name in ("dry_run", "yes")}
        if self.is_wanted(source, by, **wishes):
            self.carry_out(source, by)
        else:
            self.stdout.write("Nothing was changed.")

    def brought(self, file: Path, pictures: Path | None, by: str) -> ProductImport:
        """In storage."""
        if seconds := refuse(["bulk"]):
            msg = f"There is too much work already. Ask again in {seconds} s."
            raise CommandError(msg)
        along = packed(pictures) if pictures else nullcontext()
        name = pictures.name if pictures else ""
        try:
            with file.open("rb") as content, along as archive:
                return receive(
                    content, name=file.name, uploaded_by=by, pictures=archive, pictures_name=name
                )
        except (OSError, NotReadable, Outcome) as error:
            raise CommandError(str(error)) from error

    def carry_out(self, source: ProductImport, by: str) -> None:
        """Confirmed, and waited for."""
        try:
            confirm(productimport_id=source.pk, by=by)
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        self.wait(source, source.import_key)
        self.stdout.write(f"Imported: {said_of(source.results)}")

    def wait(self, source: ProductImport, key: str) -> None:
        """Until its job is over, with how far it is; CommandError where it is not done."""
        waiting = Waiting(self.stderr.write)
        while (job := Job.objects.filter(key=key).first()) is None or job.state not in OVER:
            current = progress_of(job).current if job else None
            said = f"{current.name}: {current.done:,} of {current.total or 0:,}" if current else ""
            waiting.look(key, said)
        if job.state != Job.State.DONE:
            msg = f"Its job {key} is {job.state}."
            raise CommandError(msg)
        source.refresh_from_db()

    def show(self, source: ProductImport) -> None:
        """What it would do: the first cells that change, and the first that are left out."""
        if source.findings is None:
            return
        self.stdout.write(f"{source.name} ({source.read_as}): {said_of(source.findings)}")
        for changed in source.changed_cells.all():
            self.stdout.write(str(changed))
        count = source.refused_cells.count()
        for cell in source.refused_cells.all()[:FIRST]:
            self.stdout.write(str(cell))
        if count > FIRST:
            self.stdout.write(f"These are the first {FIRST} of {count:,}: the admin has them all.")
        if more := unsaid(source):
            self.stdout.write(MORE.format(count=more))

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
