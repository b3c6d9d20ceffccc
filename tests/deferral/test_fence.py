"""One job, one worker at a time; whoever was overtaken changes nothing."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now

from deferral.database.locks import job_lock
from deferral.ledger import claims
from deferral.ledger.claims import Claim, Refusal
from deferral.models import Job
from deferral.tasks import current_job
from tests.deferral.bench import deliver, doing, now, put, run


def take(job: Job, worker: str = "1:1") -> Claim | Refusal:
    """Claim it as this worker would."""
    return claims.claim(job.pk, task=job.task, worker=worker, lease=60)


def is_locked(job: Job, elsewhere: BaseDatabaseWrapper) -> bool:
    """Whether another session would find the job's lock taken."""
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [job_lock(job.pk)])
        [free] = cursor.fetchone()
        if free:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [job_lock(job.pk)])
    return not free


def write_mark() -> None:
    """An effect in our own database."""
    Session.objects.create(session_key=f"mark{marks()}", expire_date=datetime.now(UTC))


def marks() -> int:
    """How often it happened."""
    return Session.objects.count()


def test_of_eight_workers_at_once_one_gets_the_job() -> None:
    job, won, start = put("job"), [], threading.Barrier(8)

    def race() -> None:
        start.wait()
        if isinstance(take(job), Claim):
            won.append(1)
        start.wait()
        connection.close()

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert len(won) == 1
    assert (now(job).epoch, now(job).attempts) == (1, 1)


def test_a_claim_is_committed_before_the_work_and_locked_during_it(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    seen: list[object] = []

    def look() -> None:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT state FROM deferral_job")
            seen.extend(cursor.fetchone())
        seen.append(is_locked(job, elsewhere))

    job = doing(look)
    assert deliver(job) == "success"

    assert seen == ["running", True]
    assert not is_locked(job, elsewhere)


@pytest.mark.parametrize("overtaken", [{"epoch": 9}, {"worker": "2:2"}, {"state": "pending"}])
def test_whoever_lost_the_fence_changes_nothing(overtaken: dict[str, object]) -> None:
    def finish() -> None:
        Job.objects.update(**overtaken)
        with current_job().finishing():
            write_mark()

    job = doing(finish)

    assert deliver(job) == "ignore"
    assert marks() == 0
    assert now(job).state != "done"


@pytest.mark.parametrize("error", [OSError, ZeroDivisionError])
def test_a_failure_of_whoever_lost_the_fence_is_not_written(error: type[Exception]) -> None:
    def fail() -> None:
        Job.objects.update(epoch=9)
        raise error

    job = doing(fail)

    assert deliver(job) == "ignore"
    assert (now(job).state, now(job).errors) == ("running", [])


def test_an_effect_is_undone_when_the_job_fails_behind_it() -> None:
    def fail_inside() -> None:
        with current_job().finishing():
            write_mark()
            raise OSError("late")

    job = doing(fail_inside)

    assert deliver(job) == "retry"
    assert (now(job).state, marks()) == ("pending", 0)


def test_what_fails_after_the_effect_cannot_undo_it(elsewhere: BaseDatabaseWrapper) -> None:
    def fail_afterwards() -> None:
        with current_job().finishing():
            write_mark()
        raise OSError("too late")

    job = doing(fail_afterwards)
    deliver(job)

    assert (now(job).state, marks()) == ("done", 1)
    assert not is_locked(job, elsewhere)


def test_an_effect_cannot_be_written_twice_by_one_run() -> None:
    def finish_twice() -> None:
        for _ in range(2):
            with current_job().finishing():
                write_mark()

    run(doing(finish_twice))

    assert marks() == 1


def test_an_effect_inside_a_transaction_that_could_undo_it_is_refused() -> None:
    def nest() -> None:
        with transaction.atomic(), current_job().finishing():
            write_mark()

    job = run(doing(nest))

    assert (job.state, job.errors[-1]["class"], marks()) == ("pending", "RuntimeError", 0)


def test_a_commit_that_fails_is_a_failed_attempt_and_not_a_crash(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    def break_a_deferred_constraint() -> None:
        with current_job().finishing(), connection.cursor() as cursor:
            cursor.execute("UPDATE deferral_job SET event_id = 987654321")

    job = doing(break_a_deferred_constraint)

    assert deliver(job) == "retry"
    assert (now(job).state, now(job).errors[-1]["class"]) == ("pending", "IntegrityError")
    assert not is_locked(job, elsewhere)


@pytest.mark.parametrize("state", ["waiting", "running", "done", "dead", "discarded", "expired"])
def test_only_a_pending_job_can_be_claimed(state: str) -> None:
    assert take(put("job", state=state)) == Refusal(state=state)


def test_a_refusal_leaves_no_lock_behind(elsewhere: BaseDatabaseWrapper) -> None:
    job = put("done", state="done")

    assert deliver(job) == "success"
    assert not is_locked(job, elsewhere)


def test_a_job_that_is_due_later_gets_a_new_hint_then() -> None:
    job = put("later", next_at=Now() + timedelta(hours=1), sent_at=Now())

    assert deliver(job) == "ignore"
    assert now(job).sent_at is None


def test_a_message_that_names_another_task_runs_nothing() -> None:
    job = put("job", sent_at=Now())
    Job.objects.update(task="bench.other")

    assert deliver(job) == "ignore"
    assert now(job).state == "pending"
