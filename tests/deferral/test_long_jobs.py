"""Long jobs: steps that are done once, and go on from their last checkpoint."""

import contextlib
import math
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from deferral.ledger.progress import progress_of
from deferral.long_jobs import Step, step
from deferral.models import Job, JobStep, Worker
from deferral.tasks import finishing
from deferral.worker.liveness import LIVENESS, session_name
from tests.deferral.bench import deliver, doing_long, now, put, run, swept

Work = Callable[[Step], object]


def again(job: Job) -> Job:
    """Its next turn, without waiting for it."""
    Job.objects.filter(pk=job.pk).update(next_at=Now())
    return run(job)


class Counting:
    """Counts to ten, a checkpoint each; fails once where it is told to."""

    def __init__(self, *, fails_at: int = 0) -> None:
        self.fails_at, self.counted = fails_at, list[int]()

    def __call__(self, step: Step) -> int:
        for number in range((step.cursor or 0) + 1, 11):
            if number == self.fails_at:
                self.fails_at = 0
                raise OSError("the network")
            self.counted.append(number)
            step.checkpoint(number, done=number)
        return sum(self.counted)


def test_a_step_that_failed_goes_on_from_its_last_checkpoint() -> None:
    counting = Counting(fails_at=4)
    job = run(doing_long(lambda: step("count", counting, total=10)))

    assert (job.state, job.steps.get().cursor, counting.counted) == ("pending", 3, [1, 2, 3])
    assert again(job).state == "done"
    assert counting.counted == [*range(1, 11)]


def test_a_step_that_is_over_is_never_run_again() -> None:
    ran, results = list[str](), list[object]()

    def count_rows(_: Step) -> dict[str, int]:
        ran.append("first")
        return {"rows": 7}

    def deed() -> None:
        results.append(step("first", count_rows))
        step("second", counting)

    counting = Counting(fails_at=1)
    job = run(doing_long(deed))
    assert again(job).state == "done"
    assert (ran, results) == (["first"], [{"rows": 7}, {"rows": 7}])


def test_a_local_step_commits_with_its_effect() -> None:
    def deed() -> None:
        def freeze(current: Step) -> None:
            with transaction.atomic():
                put(f"effect-{Job.objects.count()}")
                current.record({"frozen": 1})
            raise OSError("after the commit")

        assert step("freeze", freeze) == {"frozen": 1}

    job = run(doing_long(deed))
    assert (job.state, again(job).state) == ("pending", "done")
    assert Job.objects.filter(key__startswith="effect").count() == 1


def test_what_another_worker_took_over_writes_neither_step_nor_effect() -> None:
    def deed() -> None:
        def overtaken(current: Step) -> None:
            current.checkpoint(1, done=1)
            Job.objects.update(epoch=F("epoch") + 1)
            with transaction.atomic():
                put("effect")
                current.checkpoint(2, done=2)

        step("count", overtaken)

    deliver(doing_long(deed))
    assert JobStep.objects.get().cursor == 1
    assert not Job.objects.filter(key="effect").exists()


def test_what_gets_on_is_neither_poison_nor_exhausted() -> None:
    def deed() -> None:
        def slow(current: Step) -> None:
            reached = current.cursor or 0
            if reached < 5:
                current.checkpoint(reached + 1, done=reached + 1)
                raise OSError("again")

        step("count", slow)

    job = doing_long(deed, crashes=2, losses=9)
    for _ in range(6):
        job = again(job)
    assert (job.state, job.crashes, job.losses, job.attempts) == ("done", 0, 0, 1)


def test_what_does_not_get_on_is_exhausted() -> None:
    def deed() -> None:
        def stuck(current: Step) -> None:
            current.checkpoint("here", done=1)
            raise OSError("again")

        step("count", stuck)

    job = doing_long(deed)
    for _ in range(4):
        job = again(job)
    assert job.state == "dead"


def test_a_long_turn_ends_at_a_checkpoint_and_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deferral.long_jobs.steps.TURN", -1)
    counting = Counting()
    job = run(doing_long(lambda: step("count", counting)))

    assert (job.state, job.attempts, job.snoozes, counting.counted) == ("pending", 0, 1, [1])
    assert (again(job).snoozes, counting.counted) == (2, [1, 2])


def test_a_worker_that_leaves_gives_a_long_job_back_at_its_next_checkpoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Worker.objects.create(name="w", pid=1, stopping_at=Now())
    monkeypatch.setattr(LIVENESS, "id", worker.pk)
    assert session_name().startswith(f"{worker.pk}:")

    job = run(doing_long(lambda: step("count", Counting())))

    assert (job.state, job.attempts, job.crashes, job.errors) == ("pending", 0, 0, [])


def test_a_step_that_neither_ends_nor_gets_on_is_interrupted() -> None:
    def deed() -> None:
        def hang(current: Step) -> None:
            for number in range(3):
                current.checkpoint(number, done=number)
                time.sleep(0.2)
            time.sleep(60)

        step("count", hang, seconds=0.4)

    job = run(doing_long(deed))
    assert (job.state, job.errors[-1]["class"]) == ("pending", "SoftTimeLimitExceeded")
    assert "neither ended nor got on within 0.4 s" in job.errors[-1]["message"]
    assert job.steps.get().cursor == 2


def test_progress_says_how_far_and_how_long_still() -> None:
    job = doing_long(lambda: None, state="running")
    pace = [[100.0, 200], [110.0, 400]]
    JobStep.objects.create(job=job, name="rows", done=400, total=1000, unit="rows", pace=pace)

    found = progress_of(job).current
    assert found is not None
    assert (found.share, found.left) == (0.4, timedelta(seconds=30))


def test_progress_of_what_has_no_known_end_or_no_second_checkpoint_is_no_guess() -> None:
    job = doing_long(lambda: None, state="running")
    JobStep.objects.create(job=job, name="a", done=400, pace=[[100.0, 200], [110.0, 400]])
    JobStep.objects.create(job=job, name="b", done=4, total=9, pace=[[100.0, 4]])

    assert [(one.share, one.left) for one in progress_of(job).steps] == [
        (None, None),
        (4 / 9, None),
    ]


def test_steps_leave_with_their_job() -> None:
    job = run(doing_long(lambda: step("count", Counting())))
    Job.objects.filter(pk=job.pk).update(settled_at=Now() - timedelta(days=91))

    assert swept()["jobs"] == 1
    assert not JobStep.objects.exists()


def test_signs_of_progress_are_written_once_a_second_and_keep_nothing() -> None:
    def deed() -> None:
        def advancing(current: Step) -> None:
            for number in range(1, 500):
                current.advance(number)
            assert now(job).steps.get().done == 0
            current._told_at -= 1
            current.advance(500)
            assert (now(job).steps.get().done, now(job).steps.get().cursor) == (500, None)

        step("count", advancing)

    job = doing_long(deed)
    assert run(job).state == "done"


def test_no_bar_goes_back_when_a_step_begins_anew() -> None:
    seen = list[int]()

    def deed() -> None:
        def advancing(current: Step) -> None:
            for number in (3, 7) if not seen else (1, 8):
                current._told_at -= 1
                current.advance(number)
                seen.append(now(job).steps.get().done)
            if len(seen) == 2:
                raise OSError("the worker died")

        step("count", advancing)

    job = doing_long(deed)
    run(job)
    assert again(job).state == "done"
    assert seen == [3, 7, 7, 8]


def test_a_checkpoint_that_is_rolled_back_was_none() -> None:
    seen = list[object]()

    def deed() -> None:
        def count(current: Step) -> None:
            with contextlib.suppress(OSError), transaction.atomic():
                current.checkpoint(1, done=1)
                raise OSError
            seen.append(current.cursor)

        step("count", count)

    job = run(doing_long(deed))
    assert (job.state, seen, job.steps.get().cursor) == ("done", [None], None)


def test_a_record_that_is_rolled_back_leaves_the_step_open_until_its_work_returns() -> None:
    def deed() -> None:
        def freeze(current: Step) -> str:
            with contextlib.suppress(OSError), transaction.atomic():
                current.record("frozen")
                raise OSError
            return "thawed"

        assert step("freeze", freeze) == "thawed"

    job = run(doing_long(deed))
    assert (job.state, job.steps.get().result) == ("done", "thawed")


def test_what_does_not_get_on_is_exhausted_whatever_its_cursor_is_made_of() -> None:
    def deed() -> None:
        def stuck(current: Step) -> None:
            current.checkpoint(("a", 1), done=1)
            raise OSError("again")

        step("count", stuck)

    job = doing_long(deed)
    for _ in range(5):
        job = again(job)
    assert job.state == "dead"


@pytest.mark.parametrize("inner", ["count", "other"])
def test_a_step_within_a_step_is_refused(inner: str) -> None:
    job = run(doing_long(lambda: step("count", lambda _: step(inner, lambda _: 1))))

    assert (job.state, job.errors[-1]["class"]) == ("pending", "RuntimeError")


def test_a_name_stands_for_one_step() -> None:
    def deed() -> None:
        step("count", lambda _: 1)
        step("count", lambda _: 2)

    assert "comes twice" in run(doing_long(deed)).errors[-1]["message"]


def test_a_step_that_begins_anew_each_time_is_exhausted() -> None:
    def deed() -> None:
        def anew(current: Step) -> None:
            for number in range(1, 6):
                current.checkpoint(number, done=number)
            raise OSError("at the same place")

        step("count", anew)

    job = doing_long(deed)
    for _ in range(5):
        job = again(job)
    assert job.state == "dead"


def test_a_job_does_not_end_within_a_step() -> None:
    def end(_: Step) -> None:
        with finishing():
            put("effect")

    job = run(doing_long(lambda: step("count", end)))

    assert (job.state, job.errors[-1]["class"]) == ("pending", "RuntimeError")
    assert not Job.objects.filter(key="effect").exists()


@pytest.mark.parametrize(
    ("cursor", "error"), [("x" * 20_000, "PayloadTooLarge"), (math.nan, "ValueError")]
)
def test_a_cursor_is_small_and_json(cursor: object, error: str) -> None:
    job = run(doing_long(lambda: step("count", lambda one: one.checkpoint(cursor, done=1))))

    assert (job.state, job.errors[-1]["class"], job.steps.get().cursor) == ("pending", error, None)
