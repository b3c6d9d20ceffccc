"""What most tests of money begin with: an order paid at the sandbox, and a worker."""

from collections.abc import Callable

import pytest
from celery import current_app

from deferral.handlers import JobSpec
from deferral.models import Job
from orders import services
from orders.models import Order
from orders.payments import paying
from tests.orders.buying import placed
from tests.rig.running_sandbox import Sandbox

Run = Callable[[JobSpec], Job]


@pytest.fixture
def run() -> Run:
    """Write a job's row, unless it is there, and run it as a worker does."""

    def run(spec: JobSpec) -> Job:
        facts = {"subject": "order:H-1", "task": spec.spec.name, "queue": spec.spec.queue}
        job, _ = Job.objects.get_or_create(key=spec.key, defaults={**facts, "kwargs": spec.kwargs})
        current_app.tasks[job.task](job=job.pk)
        job.refresh_from_db()
        return job

    return run


@pytest.fixture
def bought(sandbox: Sandbox) -> Order:
    """Paid, with real (sandbox) money."""
    _, attempt = placed()
    settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    return services.mark_paid(attempt_id=attempt.pk, settlement=settlement)
