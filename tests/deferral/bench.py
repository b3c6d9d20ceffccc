"""Jobs of the tests' own, and a worker without Celery: what one message makes happen."""

from collections.abc import Callable, Iterable
from typing import Any

from celery import current_app
from celery.exceptions import Ignore
from celery.exceptions import Retry as CeleryRetry

from deferral.handlers import JobSpec, job
from deferral.models import Event, Job
from deferral.policies import RetryPolicy
from deferral.registry import TASKS
from deferral.tasks import deferred_task
from tests.rig.jobs import LONG_DUE

DEEDS: dict[str, Callable[[], Any]] = {}
QUICK = RetryPolicy(attempts=3, first=10, ceiling=60, permanent=(ZeroDivisionError,))


@deferred_task(name="bench.work", queue="critical", retry=QUICK, time_limit=5, schedulable=True)
def work(*, deed: str = "") -> None:
    """Do the deed that a test has put there."""
    if deed:
        DEEDS[deed]()


@deferred_task(name="bench.work_long", queue="bulk", retry=QUICK, time_limit=5, long=True)
def work_long(*, deed: str) -> None:
    """Do the deed that a test has put there, in steps."""
    DEEDS[deed]()


@deferred_task(name="bench.pay_out", queue="critical", retry=QUICK, time_limit=5)
def pay_out(*, to: str = "") -> None:
    """What no schedule may have done."""


def put(key: str, **columns: Any) -> Job:
    """A job in the ledger, due unless the columns say otherwise."""
    row = {"subject": "bench:1", "task": "bench.work", "queue": "critical", **columns}
    row.setdefault("service", TASKS[row["task"]].service if row["task"] in TASKS else "")
    return Job.objects.create(key=key, **row)


def put_join(*parts: str, **columns: Any) -> Job:
    """A body that waits for these parts."""
    body = put("body", state="waiting", is_body=True, open_parts=len(parts), **columns)
    for key in parts:
        put(key, body=body)
    return body


def doing(deed: Callable[[], Any], key: str = "job", **columns: Any) -> Job:
    """A job that does this."""
    DEEDS[key] = deed
    return put(key, kwargs={"deed": key}, **columns)


def doing_long(deed: Callable[[], Any], key: str = "long", **columns: Any) -> Job:
    """A long job that does this."""
    return doing(deed, key, task="bench.work_long", queue="bulk", **columns)


def deliver(row: Job) -> str:
    """Hand the job's message to a worker; return what Celery was told."""
    try:
        current_app.tasks[row.task](job=row.pk)
    except Ignore:
        return "ignore"
    except CeleryRetry:
        return "retry"
    except Exception as error:  # noqa: BLE001 - Celery would catch it too
        return type(error).__name__
    return "success"


def run(row: Job) -> Job:
    """Deliver, and look at the row afterwards."""
    deliver(row)
    return now(row)


def swept() -> dict[str, int]:
    """Run the nightly sweep; how many rows of each kind have left."""
    job = run(put("sweep", task="deferral.sweep", queue="bulk", next_at=LONG_DUE))
    assert job.state == "done", job.errors
    found = {one.name: one.done for one in job.steps.exclude(name="results")}
    job.delete()
    return found


def now(row: Job) -> Job:
    """The row as it is now."""
    return Job.objects.get(pk=row.pk)


def spec(key: str, **options: Any) -> JobSpec:
    """What a handler would yield."""
    return job(work, key=key, **options)


def specs_of(works: Iterable[object]) -> list[JobSpec]:
    """What a handler yielded: jobs alone, no join among them."""
    found = list(works)
    assert all(isinstance(work, JobSpec) for work in found)
    return [work for work in found if isinstance(work, JobSpec)]


def put_event(**columns: Any) -> Event:
    """Something that happened."""
    row = {"type": "bench.happened", "subject": "bench:1", "payload": {"name": "x"}, **columns}
    return Event.objects.create(**row)
