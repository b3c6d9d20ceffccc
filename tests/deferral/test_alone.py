"""Work of which one worker's children do one at a time."""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from deferral.alone import alone_in_its_worker
from deferral.database.locks import TAKE_ONE, alone_lock
from deferral.models import Job
from deferral.worker.liveness import LIVENESS
from tests.deferral.bench import doing_long, now, run

DONE: list[str] = []


def work() -> None:
    """What takes minutes."""
    with alone_in_its_worker(wait=8):
        DONE.append("worked")


def taken_by(session: BaseDatabaseWrapper, worker: int) -> None:
    """Another child of this worker is at it."""
    with session.cursor() as cursor:
        cursor.execute(TAKE_ONE, [[alone_lock(worker)]])
        assert cursor.fetchone()


def left_by(session: BaseDatabaseWrapper) -> None:
    """It is done with it. A session that is closed has its locks a moment longer."""
    with session.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def test_it_waits_for_another_child_of_its_worker_at_no_cost(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    DONE.clear()
    taken_by(elsewhere, LIVENESS.id)
    job = run(doing_long(work))
    assert (job.state, job.attempts, job.snoozes, DONE) == ("pending", 0, 1, [])

    left_by(elsewhere)
    Job.objects.filter(pk=job.pk).update(next_at=job.created_at)
    assert (run(job).state, DONE) == ("done", ["worked"])


def test_another_worker_is_none_of_its_concern(elsewhere: BaseDatabaseWrapper) -> None:
    DONE.clear()
    taken_by(elsewhere, LIVENESS.id + 1)

    assert (run(doing_long(work)).state, DONE) == ("done", ["worked"])


def test_whatever_ends_it_leaves_its_place(elsewhere: BaseDatabaseWrapper) -> None:
    def fails() -> None:
        with alone_in_its_worker(wait=8):
            raise OSError("in the middle")

    assert run(doing_long(fails)).state == "pending"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # our session lives
    taken_by(elsewhere, LIVENESS.id)
    assert now(Job.objects.get()).snoozes == 0
