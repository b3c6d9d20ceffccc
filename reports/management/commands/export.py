"""`manage.py export`: exports from a shell: asked for, listed, saved, withdrawn."""

import getpass
import shutil
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from deferral.errors import NotAllowed
from deferral.management.waiting import Waiting
from deferral.management.words import word
from deferral.pressure.shedding import refuse
from reports.exports.asking import ask_for_export
from reports.exports.catalogue import DATASETS
from reports.exports.choosing import NotExportable
from reports.exports.keeping import is_kept, whole_of, withdraw_export
from reports.exports.saying import is_over, said_of
from reports.models import Export


class Command(BaseCommand):
    """Asks for exports, and saves what came of them."""

    help = (
        "Write orders, customers and other lists as CSV, XLSX or PDF, by a job in the background."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("lists", help="what can be exported, and its columns")
        verbs.add_parser("list", help="the exports that are kept or under way, youngest first")
        _add_asking(verbs.add_parser("ask", help="have one written; prints its name"))
        save = verbs.add_parser("save", help="wait for one, and save it")
        save.add_argument("tag", type=word)
        save.add_argument("to", type=Path)
        withdraw = verbs.add_parser("withdraw", help="stop it, and delete its file")
        withdraw.add_argument("tag", type=word)
        withdraw.add_argument("--reason", type=word, required=True, help="why; kept")

    def handle(self, *_args: Any, verb: str, **options: Any) -> None:
        """Run one verb. CommandError where it cannot be done."""
        getattr(self, f"_{verb}")(options)

    def _lists(self, _options: dict[str, Any]) -> None:
        for dataset in DATASETS.values():
            names = ", ".join(column.name for column in dataset.columns)
            self.stdout.write(f"{dataset.name:<12} {names}")

    def _list(self, _options: dict[str, Any]) -> None:
        for export in filter(is_kept, Export.objects.order_by("-id").iterator()):
            self.stdout.write(f"{export.tag}  {said_of(export):<40} {export.filename}")

    def _ask(self, options: dict[str, Any]) -> None:
        user = get_user_model().objects.filter(email=options["by"], is_active=True).first()
        dataset = DATASETS[options["dataset"]]
        columns = [one for one in options["columns"].split(",") if one]
        unknown = set(columns) - {column.name for column in dataset.columns}
        if user is None or unknown:
            msg = f"It has no column {sorted(unknown)[0]}." if user else "Nobody has that address."
            raise CommandError(msg)
        if seconds := refuse(["bulk"]):
            msg = f"There is too much work already. Ask again in {seconds} s."
            raise CommandError(msg)
        try:
            export = ask_for_export(
                user,
                dataset=dataset.name,
                format=Export.Format(options["format"]),
                columns=columns or [column.name for column in dataset.columns],
                filters=options["filters"],
                for_excel=options["for_excel"],
            )
        except NotExportable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(export.tag)
        if options["to"]:
            self._wait_and_save(export, options["to"])

    def _save(self, options: dict[str, Any]) -> None:
        self._wait_and_save(found(options["tag"]), options["to"])

    def _wait_and_save(self, export: Export, to: Path) -> None:
        if to.exists():
            msg = f"{to} exists: nothing is written over it."
            raise CommandError(msg)
        waiting = Waiting(self.stderr.write)
        while (whole := whole_of(export)) is None or not is_kept(export):
            said = said_of(export)
            if is_over(export):
                msg = f"{export.filename} is not to be had: {said}. Its job is {export.key}."
                raise CommandError(msg)
            waiting.look(export.key, said)
            export.refresh_from_db()
        with whole.open() as stored, to.open("xb") as file:
            shutil.copyfileobj(stored, file)
        self.stdout.write(f"{to}: {export.rows} rows, {whole.size} bytes, sha256 {whole.sha256}")

    def _withdraw(self, options: dict[str, Any]) -> None:
        export = found(options["tag"])
        try:
            withdraw_export(export_id=export.pk, by=getpass.getuser(), reason=options["reason"])
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{export.filename} is withdrawn.")


def found(tag: str) -> Export:
    """CommandError where there is none."""
    export = Export.objects.filter(tag=tag).first()
    if export is None:
        msg = f"There is no export {tag}."
        raise CommandError(msg)
    return export


def _add_asking(ask: CommandParser) -> None:
    ask.add_argument("dataset", choices=list(DATASETS), metavar="LIST", help=", ".join(DATASETS))
    ask.add_argument(
        "--as",
        dest="by",
        required=True,
        type=word,
        metavar="EMAIL",
        help="one of the staff: it has the rows that this person may see",
    )
    ask.add_argument("--format", choices=Export.Format.values, default=Export.Format.CSV)
    ask.add_argument("--columns", type=word, default="", help="names with commas; all of them")
    ask.add_argument(
        "--filters",
        type=word,
        default="",
        help='as in the address of the list: "state__exact=paid&q=H-10017"',
    )
    ask.add_argument("--for-excel", action="store_true", help="CSV: a mark that Excel needs")
    ask.add_argument("--to", type=Path, help="wait for it, and save it as this file")
