"""A job run as a worker runs it, in the test's own process and transaction."""

from datetime import UTC, datetime

from celery import current_app

from deferral.handlers import JobSpec
from deferral.models import Job

LONG_DUE = datetime(2026, 1, 1, tzinfo=UTC)  # a test is one moment: now is not due yet


def run_as_a_worker(spec: JobSpec) -> Job:
    """Write the job's row and run it; the row, as it is afterwards."""
    job, _ = Job.objects.update_or_create(
        key=spec.key,
        defaults={
            "subject": "order:H-1",
            "task": spec.spec.name,
            "kwargs": spec.kwargs,
            "queue": spec.spec.queue,
            "state": Job.State.PENDING,
            "next_at": LONG_DUE,
        },
    )
    current_app.tasks[spec.spec.name](job=job.pk)
    job.refresh_from_db()
    return job
