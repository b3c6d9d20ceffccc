"""It is kept for a week: a copy of all that is known of somebody is not left lying around."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from deferral.models import Job
from reports.models import DataExport, DataExportFile

log = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
LIVE = (Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)


def until(export: DataExport) -> datetime:
    """When it is deleted: a week after it was ready."""
    return (export.ready_at or export.asked_at) + KEPT


def file_of(export: DataExport | None) -> DataExportFile | None:
    """The file, once it is ready and as long as it is kept."""
    if export is None or export.ready_at is None or until(export) < timezone.now():
        return None
    found = DataExportFile.objects.filter(export=export, forgotten_at=None)
    return found.first()


def forget_old_data() -> int:
    """Delete what is a week old, rows and files; return how many. Safe to repeat."""
    count = forget(_over())
    log.info("my_data_forgotten", exports=count)
    return count


def forget(exports: QuerySet[DataExport]) -> int:
    """Delete these: the file first. Outside any transaction. Retry."""
    count = 0
    for export in list(exports):
        for file in DataExportFile.objects.filter(export=export):
            file.forget()
        export.delete()
        count += 1
    return count


def _over() -> QuerySet[DataExport]:
    jobs = Job.objects.filter(state__in=LIVE, key=Concat(Value("my_data:"), OuterRef("tag")))
    since = {"since": Coalesce("ready_at", "asked_at"), "lives": Exists(jobs)}
    old = Q(since__lt=timezone.now() - KEPT, lives=False)
    return DataExport.objects.annotate(**since).filter(old)
