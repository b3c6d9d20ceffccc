"""The long job: everything into one file, at once, and then the event that it can be fetched."""

from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from accounts.personal_data import parts, whose
from deferral.crashpoints import crashpoint
from deferral.events import publish
from deferral.long_jobs import Step, step
from deferral.tasks import finishing
from media.disk_errors import disk_errors
from media.filing import file_path_away
from media.unfinished import unfinished
from reports.events import MyDataReady
from reports.models import DataExport, DataExportFile
from reports.my_data.packing import pack

HERE = "the disk for unfinished files"


def write_my_data(*, export_id: int) -> None:
    """Write it. Safe to repeat, and to kill. Nothing where it has left, with its account or after a
    week.
    """
    export = DataExport.objects.filter(pk=export_id).select_related("user").first()
    if export is None:
        return
    step("file", partial(write_file, export), total=len(parts()), unit="parts of the shop")
    with finishing():
        DataExport.objects.filter(pk=export.pk).update(ready_at=Now())
        publish(MyDataReady(export_id=export.pk), subject=export.subject)


def write_file(export: DataExport, current: Step) -> str:
    """Put it together on this machine, then into storage. Returns its name. A step's work."""
    with disk_errors(HERE), unfinished("my-data") as folder:
        target = folder / "my-data.zip"
        pack(target, whose(export.user), parts(), told=current.advance)
        crashpoint("my_data_packed")
        filed = file_path_away(target, key=export.key, folder=DataExportFile.folder, suffix=".zip")
    facts = {"file": filed.name, "sha256": filed.sha256, "size": filed.size, "place": filed.place}
    with transaction.atomic():
        DataExportFile.objects.update_or_create(
            export=export, defaults={"key": export.key, "forgotten_at": None, **facts}
        )
        current.record(filed.name)
    return filed.name
