"""The long job: count, rows, pages where it is paper, then one file of all."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Now

from deferral.crashpoints import crashpoint
from deferral.events import publish
from deferral.long_jobs import Step, step
from deferral.tasks import finishing
from media.disk_errors import disk_errors
from media.filing import file_path_away
from media.unfinished import unfinished
from reports.events import ExportReady
from reports.exports.choosing import NotExportable, dataset_of, rows_of
from reports.exports.columns import Column
from reports.exports.csv_file import write_csv
from reports.exports.pdf_file import write_pages, write_pdf
from reports.exports.rows import remember, write_rows
from reports.exports.xlsx_file import write_xlsx
from reports.models import Export, ExportFile

Writer = Callable[[Export, Sequence[Column], Path, Step], None]
WRITERS: dict[str, Writer] = {
    Export.Format.CSV: write_csv,
    Export.Format.CSV_GZ: write_csv,
    Export.Format.XLSX: write_xlsx,
    Export.Format.PDF: write_pdf,
}
# DATA_DIR/unfinished: a PDF takes twice its size there, a workbook its sheets unpacked as well.
HERE = "the disk for unfinished files"


def write_export(*, export_id: int) -> None:
    """Write it, from wherever it is. Each step is done once; parts that stand are not read again.

    Killed at any moment, the file is the same as if nothing had happened. Nothing is written of
    what was withdrawn before the job began.
    """
    export = Export.objects.get(pk=export_id)
    if export.withdrawn_at:
        return
    _must_have_its_parts(export)
    columns = dataset_of(export).chosen(export.columns)
    rows = rows_of(export)
    total = step("count", lambda _: rows.count())
    export.rows = step("rows", partial(write_rows, export, rows, columns), total=total, unit="rows")
    parts = export.files.filter(part=ExportFile.Part.ROWS).count()
    if export.format == Export.Format.PDF:
        step("pages", partial(write_pages, export, columns), total=parts, unit="parts")
    step("file", partial(write_file, export, columns), total=parts, unit="parts")
    step("tidy", partial(forget_parts, export))
    with finishing():
        Export.objects.filter(pk=export.pk).update(rows=export.rows, ready_at=Now())
        publish(ExportReady(export_id=export.pk), subject=export.subject)


def _must_have_its_parts(export: Export) -> None:
    """NotExportable where they were deleted after a week, and a person replays it."""
    gone = export.files.filter(forgotten_at__isnull=False)
    if gone.exists() and not export.files.filter(part=ExportFile.Part.WHOLE).exists():
        msg = "What was read for it was deleted after a week: ask for it again."
        raise NotExportable(msg)


def write_file(export: Export, columns: Sequence[Column], current: Step) -> str:
    """Put the parts together on this machine, then into storage at once, under the export's key.

    Returns its name. A step's work: it records itself, together with the row of the file.
    """
    with disk_errors(HERE), unfinished("export") as folder:
        target = folder / export.filename
        WRITERS[export.format](export, columns, target, current)
        crashpoint("whole_written")
        filed = file_path_away(
            target, key=export.key, folder=ExportFile.folder, suffix=f".{export.format}"
        )
    with transaction.atomic():
        remember(export, ExportFile.Part.WHOLE, 0, filed, key=export.key).save()
        current.record(filed.name)
    return filed.name


def forget_parts(export: Export, _step: Step) -> int:
    """What the whole was made of is not needed any more; return how many parts."""
    parts = export.files.exclude(part=ExportFile.Part.WHOLE)
    for part in parts.filter(forgotten_at=None):
        part.forget()
        crashpoint("part_forgotten")
    return parts.count()
