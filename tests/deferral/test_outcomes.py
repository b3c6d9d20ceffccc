"""What comes of an attempt that did not succeed, also when writing it down is not easy."""

import json
import signal
import time
import traceback
from collections.abc import Callable

import pytest
import structlog
from celery import current_app
from celery.app.trace import build_tracer
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django_celery_results.models import TaskResult

from deferral.errors import Bury, Outcome, Retry, Snooze
from deferral.ledger import settling
from deferral.tasks import current_job
from tests.deferral.bench import deliver, doing, now, put, run
from tests.deferral.test_fence import is_locked


def failing(error: BaseException) -> Callable[[], None]:
    """A deed that raises."""

    def fail() -> None:
        raise error

    return fail


def cut_short_by_the_time_limit(seconds: float = 0.1) -> None:
    """Celery's soft limit: an exception out of a signal handler, in the middle of anything."""

    def strike(_signal: int, _frame: object) -> None:
        raise SoftTimeLimitExceeded

    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def test_a_failure_may_ask_for_a_wait_that_no_policy_shortens() -> None:
    job = run(doing(failing(Retry("busy", min_wait=90))))

    assert 89 < (job.next_at - job.created_at).total_seconds() < 92


def test_a_failure_costs_an_attempt_and_waits() -> None:
    job = doing(failing(OSError("no luck")))

    assert deliver(job) == "retry"
    job = now(job)
    assert (job.state, job.attempts, job.sent_at) == ("pending", 1, None)
    assert 7 < (job.next_at - job.created_at).total_seconds() < 14
    hidden = {"at": "", "began": "", "cause": "", "traceback": "", "worker": ""}
    assert job.errors[-1] | hidden == {
        "at": "",
        "began": "",
        "cause": "",
        "kind": "failed",
        "class": "OSError",
        "message": "no luck",
        "traceback": "",
        "attempt": 1,
        "worker": "",
    }


def test_a_receiver_that_names_a_time_is_not_called_until_then() -> None:
    job = run(doing(failing(Retry("busy", after=50))))

    assert (job.next_at - job.created_at).total_seconds() > 49


def test_the_last_attempt_buries() -> None:
    job = doing(failing(OSError("no luck")), attempts=2)

    assert deliver(job) == "Bury"
    assert (now(job).state, now(job).errors[-1]["kind"]) == ("dead", "exhausted")


@pytest.mark.parametrize("error", [Bury("never"), ZeroDivisionError("by policy")])
def test_a_permanent_error_buries_at_once(error: Exception) -> None:
    job = run(doing(failing(error)))

    assert (job.state, job.attempts, job.errors[-1]["kind"]) == ("dead", 1, "permanent")


def test_a_snooze_costs_nothing_however_often() -> None:
    job = doing(failing(Snooze("busy", seconds=0)), attempts=2)

    for _ in range(3):
        assert deliver(job) == "retry"

    assert (now(job).state, now(job).attempts, now(job).snoozes) == ("pending", 2, 3)


def test_the_last_ten_errors_are_kept() -> None:
    old = [{"message": str(number)} for number in range(10)]

    job = run(doing(failing(OSError("new")), errors=old))

    assert [error["message"] for error in job.errors] == [*map(str, range(1, 10)), "new"]


@pytest.mark.parametrize("message", ["an external service's \x00", "half \ud800"])
def test_an_error_is_written_down_whatever_a_service_put_into_it(message: str) -> None:
    job = doing(failing(Retry(message)))

    assert deliver(job) == "retry"
    assert (now(job).state, now(job).attempts) == ("pending", 1)


def test_a_time_limit_in_the_middle_of_a_statement_is_a_failed_attempt(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    def wait_for_the_database() -> None:
        cut_short_by_the_time_limit()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.5)")

    job = doing(wait_for_the_database)

    assert deliver(job) == "retry"
    assert (now(job).state, now(job).attempts) == ("pending", 1)
    assert now(job).errors[-1]["class"] == "SoftTimeLimitExceeded"
    time.sleep(0.6)  # the old session notices that nobody listens when its statement ends
    assert not is_locked(job, elsewhere)


def test_a_time_limit_while_the_effect_commits_neither_loses_nor_doubles_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commit = connection.commit

    def commit_slowly() -> None:
        monkeypatch.undo()
        commit()
        raise SoftTimeLimitExceeded

    def finish() -> None:
        with current_job().finishing():
            monkeypatch.setattr(connection, "commit", commit_slowly)

    job = doing(finish)

    assert deliver(job) == "ignore"
    assert (now(job).state, now(job).errors) == ("done", [])


@pytest.mark.parametrize("step", ["_run", "_check"])
def test_nothing_that_happens_on_the_way_leaves_a_lock_behind(
    step: str, monkeypatch: pytest.MonkeyPatch, elsewhere: BaseDatabaseWrapper
) -> None:
    class Odd(BaseException):
        """Not even an Exception."""

    def strike(*_: object) -> None:
        raise Odd

    job = put("job")
    monkeypatch.setattr(f"deferral.tasks.{step}", strike)

    with pytest.raises(Odd):
        deliver(job)

    assert not is_locked(job, elsewhere)


def test_a_job_whose_settling_fails_altogether_is_let_go(
    monkeypatch: pytest.MonkeyPatch, elsewhere: BaseDatabaseWrapper
) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise OSError("again")

    monkeypatch.setattr(settling, "retry", fail)
    job = doing(failing(OSError("first")))
    deliver(job)

    assert now(job).state == "running"
    assert not is_locked(job, elsewhere)


SAID = "sk_test_abc.1 for ada.l@example.org, card 4242 4242 4242 4242, ?token=Xy-9 at H-10001"
KEPT = "sk_test_[redacted] for a***@example.org, card [number], ?token=[redacted] at H-10001"


def test_keys_and_cards_and_addresses_are_not_kept_in_a_row() -> None:
    job = doing(failing(OSError(SAID)))

    run(job)

    [error] = now(job).errors
    assert error["message"] == KEPT
    assert "4242" not in error["traceback"]


def test_nor_in_what_celery_is_told_of_a_task_that_fails_when_its_job_is_done() -> None:
    def finish_and_fail() -> None:
        current_job().finish()
        raise OSError(SAID)

    job = doing(finish_and_fail)

    with pytest.raises(Outcome) as caught:
        current_app.tasks[job.task](job=job.pk)
    assert (now(job).state, str(caught.value)) == ("done", f"OSError: {KEPT}")
    assert "4242" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("error", "attempts", "state", "kind", "text"),
    [
        (OSError(SAID), 0, "RETRY", "Retry", f"OSError: {KEPT}"),
        (OSError(SAID), 2, "FAILURE", "Bury", f"OSError: {KEPT}"),
        (Snooze(SAID, seconds=9), 0, "RETRY", "Retry", KEPT),
        (Bury(SAID), 0, "FAILURE", "Bury", KEPT),
    ],
    ids=["retried", "exhausted", "snoozed", "buried"],
)
def test_nor_in_what_celery_is_told_which_still_says_what_happened_and_where(
    error: Exception, attempts: int, state: str, kind: str, text: str
) -> None:
    def fail() -> None:
        raise error from ValueError(SAID)

    job = doing(fail, attempts=attempts)
    task = current_app.tasks[job.task]
    celery = build_tracer(task.name, task, app=current_app)

    with structlog.testing.capture_logs() as logs:
        celery(str(job.task_id), [], {"job": job.pk}, {"id": str(job.task_id)})

    result = TaskResult.objects.get(task_id=str(job.task_id))
    what = json.loads(result.result)
    assert (result.status, what["exc_type"], what["exc_message"]) == (state, kind, [text])
    assert "in fail\n" in result.traceback
    assert "4242" not in f"{result.traceback}{logs}"
