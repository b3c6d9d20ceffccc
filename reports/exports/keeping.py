"""Exports are kept for a week, or until somebody withdraws them."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from deferral.errors import NotAllowed
from deferral.ledger.control import cancel_job
from deferral.models import Job
from reports.models import Export, ExportFile

log = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
LIVE = (Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)


def until(export: Export) -> datetime:
    """When its file is deleted: a week after it was ready."""
    return (export.ready_at or export.asked_at) + KEPT


def is_kept(export: Export) -> bool:
    """Whether its file can be fetched, or will be."""
    over = export.ready_at is not None and until(export) < timezone.now()
    return export.withdrawn_at is None and not over


def whole_of(export: Export) -> ExportFile | None:
    """Its file, once it is ready and as long as it is there."""
    if export.ready_at is None:
        return None
    return export.files.filter(part=ExportFile.Part.WHOLE, forgotten_at=None).first()


def withdraw_export(*, export_id: int, by: str, reason: str) -> None:
    """Whoever asked wants it no more: its job is cancelled, its files go with the next sweep.

    NotAllowed where that has happened.
    """
    with transaction.atomic():
        export = Export.objects.select_for_update().get(pk=export_id)
        if export.withdrawn_at is not None:
            msg = "It was withdrawn before."
            raise NotAllowed(msg)
        export.withdrawn_at = timezone.now()
        export.save(update_fields=["withdrawn_at"])
        for job in Job.objects.filter(key=export.key, state__in=LIVE):
            cancel_job(job_id=job.pk, by=by, reason=reason)


def forget_old_exports() -> int:
    """Delete the files of exports that are withdrawn, a week old, or given up; return how many."""
    count = 0
    for one in _not_needed().iterator():
        one.forget()
        count += 1
    log.info("exports_forgotten", files=count)
    return count


def _not_needed() -> QuerySet[ExportFile]:
    """A job that lives still needs its parts, however old it is."""
    files = ExportFile.objects.filter(forgotten_at=None).select_related("export")
    jobs = Job.objects.filter(state__in=LIVE, key=Concat(Value("export:"), OuterRef("export__tag")))
    since = {"since": Coalesce("export__ready_at", "export__asked_at"), "lives": Exists(jobs)}
    old = Q(since__lt=timezone.now() - KEPT, lives=False)
    return files.annotate(**since).filter(old | Q(export__withdrawn_at__isnull=False))
