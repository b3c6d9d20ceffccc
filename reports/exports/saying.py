"""How far an export is, in words."""

from deferral.ledger.progress import progress_of
from deferral.models import Job
from reports.exports.keeping import is_kept, until
from reports.models import Export


def is_over(export: Export) -> bool:
    """Whether no file comes of it any more: withdrawn, deleted, or given up."""
    if not is_kept(export):
        return True
    ended = Job.objects.filter(key=export.key, state__in=(*Job.SETTLED, Job.State.DEAD))
    return ended.exists() and not Export.objects.filter(pk=export.pk, ready_at__gt=export.asked_at)


def said_of(export: Export) -> str:
    """`running: rows, 50,000 of 120,000`, `ready, 120,000 rows, until 2026-12-07`, `withdrawn`."""
    if export.withdrawn_at:
        return "withdrawn"
    if export.ready_at:
        return f"ready, {export.rows:,} rows, until {until(export):%Y-%m-%d}"
    job = Job.objects.filter(key=export.key).first()
    step = progress_of(job).current if job else None
    state = job.state if job else Job.State.PENDING.value
    if step is None:
        return state
    return f"{state}: {step.name}, {step.done:,}" + (f" of {step.total:,}" if step.total else "")
