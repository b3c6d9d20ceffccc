"""Jobs whose process died run again, and only a process that died alone may be blamed."""

import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now

from deferral.database.locks import job_lock, worker_lock
from deferral.ledger import claims, locking, poison, settling
from deferral.models import Job, Worker
from deferral.relay import rescue, silence
from deferral.relay.loop import Relay
from tests.deferral.bench import deliver, now, put, put_join


@pytest.fixture(autouse=True)
def no_grace(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database has just started; here that excuses nothing."""
    settings.CRASH_GRACE = 0
    monkeypatch.setattr(rescue, "RETAKING", 0.0)


@pytest.fixture
def living(elsewhere: BaseDatabaseWrapper) -> Worker:
    """A worker whose main process lives."""
    worker = Worker.objects.create(name="w", pid=1)
    lock(elsewhere, worker_lock(worker.pk))
    return worker


def lock(database: BaseDatabaseWrapper, number: int) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])


def died(worker: str = "", **columns: Any) -> Job:
    """A job whose process is gone: running, and its lock is free."""
    return put(
        **{"key": "job", "state": "running", "worker": worker, "attempts": 1, "epoch": 1, **columns}
    )


def test_a_job_whose_lock_is_held_is_left_as_it_is(elsewhere: BaseDatabaseWrapper) -> None:
    job = died()
    lock(elsewhere, job_lock(job.pk))

    assert rescue.rescue(forgiving=False) == 0
    assert now(job).state == "running"


def test_a_body_that_died_within_its_chords_grace_is_due_at_once() -> None:
    """It was claimed before its time, for its chord said so. The time is nobody's now."""
    job = died(is_body=True, next_at=Now() + timedelta(seconds=2))

    rescue.rescue(forgiving=False)

    assert Job.objects.filter(pk=job.pk, state="pending", next_at__lte=Now()).exists()


def test_whoever_waited_long_keeps_the_place_in_the_queue() -> None:
    job = died(next_at=Now() - timedelta(minutes=5))
    before = now(job).next_at

    rescue.rescue(forgiving=False)

    assert now(job).next_at == before


def test_a_job_that_is_just_being_finished_is_not_taken_for_abandoned(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    """Finishing lets the lock go before it commits."""
    job = died()
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE deferral_job SET state = 'done'")
        assert rescue.rescue(forgiving=False) == 0
        cursor.execute("COMMIT")

    assert now(job).state == "done"


def test_a_job_whose_process_died_is_due_again_with_its_attempt() -> None:
    job = died(sent_at=Now())

    assert rescue.rescue(forgiving=False) == 1

    job = now(job)
    assert (job.state, job.attempts, job.sent_at) == ("pending", 0, None)
    assert deliver(job) == "success"


def test_a_process_that_died_alone_is_a_crash_of_its_job(living: Worker) -> None:
    job = died(f"{living.pk}:77")

    rescue.rescue(forgiving=False)

    assert (now(job).crashes, now(job).losses) == (1, 0)


def test_a_process_that_died_with_its_worker_is_a_loss() -> None:
    gone = Worker.objects.create(name="gone", pid=1)
    job = died(f"{gone.pk}:77")

    rescue.rescue(forgiving=False)

    assert (now(job).crashes, now(job).losses) == (0, 1)


def test_a_thread_that_could_not_settle_its_job_is_a_loss_and_no_crash(living: Worker) -> None:
    """Of a thread worker that lives nobody died: its database connections were all taken, say."""
    job = died(f"{living.pk}:{living.pid}", crashes=2)

    rescue.rescue(forgiving=False)

    assert (now(job).state, now(job).crashes, now(job).losses) == ("pending", 2, 1)


def test_who_lost_a_session_and_locks_again_within_a_moment_keeps_the_job(
    elsewhere: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = died()
    moment = SimpleNamespace(sleep=lambda _: lock(elsewhere, job_lock(job.pk)))
    monkeypatch.setattr(rescue, "time", moment)

    assert rescue.rescue(forgiving=False) == 0
    assert now(job).state == "running"


def test_what_became_free_while_it_looked_is_left_for_the_next_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its worker may have lost its session just now."""
    first, other = died(), list[Job]()
    cut = SimpleNamespace(sleep=lambda _: other.append(died(key="other")))
    monkeypatch.setattr(rescue, "time", cut)

    assert rescue.rescue(forgiving=False) == 1

    assert (now(first).state, now(other[0]).state) == ("pending", "running")


def test_a_relay_that_has_lost_its_own_session_leaves_the_others_time_for_theirs(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a standby has become the database, which did not start anew for that."""
    settings.CRASH_GRACE = 3600
    monkeypatch.setattr(rescue, "RETAKING", 3600.0)
    relay, job = Relay(), died()
    relay._survive(Error("away"))
    monkeypatch.setattr(rescue, "RETAKING", 0.0)

    relay.run_once()

    assert now(job).state == "running"


def test_what_is_lost_a_third_time_with_others_runs_alone_from_then_on() -> None:
    gone = Worker.objects.create(name="gone", pid=1)
    job = died(f"{gone.pk}:77", queue="mail", losses=2)

    rescue.rescue(forgiving=False)

    job = now(job)
    assert (job.queue, job.state, job.losses) == ("bulk", "pending", 3)
    assert "from now on it runs alone" in job.errors[-1]["message"]


def test_where_children_serve_every_queue_nothing_is_moved(settings: Any) -> None:
    settings.DEFERRAL_THREAD_QUEUES = []
    job = died("987654:1", queue="mail", losses=2)

    rescue.rescue(forgiving=False)

    assert (now(job).queue, now(job).losses) == ("mail", 3)


@pytest.mark.parametrize(("queue", "losses"), [("mail", 1), ("bulk", 5)])
def test_else_it_stays_where_it_is(queue: str, losses: int) -> None:
    """What was lost with others but once, and what had a child of its own anyhow."""
    gone = Worker.objects.create(name="gone", pid=1)
    job = died(f"{gone.pk}:77", queue=queue, losses=losses)

    rescue.rescue(forgiving=False)

    assert now(job).queue == queue


def test_nothing_is_rescued_while_who_lives_takes_its_locks_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CRASH_GRACE = 3600
    monkeypatch.setattr(rescue, "RETAKING", 3600.0)
    job = died()

    assert rescue.rescue(forgiving=False) == 0
    assert now(job).state == "running"


def test_a_job_that_nothing_could_end_is_charged_with_its_processes_end() -> None:
    job = put("job")
    held = claims.claim(job.pk, task=job.task, worker="1:1", lease=60)
    assert isinstance(held, claims.Claim)

    poison.charge(held)

    job = now(job)
    assert (job.state, job.crashes, job.attempts) == ("pending", 1, 0)
    poison.charge(held)
    assert now(job).crashes == 1  # it is not ours any more


def test_a_worker_that_is_being_stopped_is_nobodys_fault(living: Worker) -> None:
    Worker.objects.update(stopping_at=Now())
    job = died(f"{living.pk}:77", losses=9)

    rescue.rescue(forgiving=False)

    assert (now(job).state, now(job).crashes, now(job).losses) == ("pending", 0, 9)


@pytest.mark.parametrize("excuse", ["relay", "database"])
def test_nothing_is_counted_while_relay_or_database_are_just_back(
    excuse: str, living: Worker, settings: Any
) -> None:
    settings.CRASH_GRACE = 3600 if excuse == "database" else 0
    job = died(f"{living.pk}:77", crashes=2)

    rescue.rescue(forgiving=excuse == "relay")

    assert (now(job).state, now(job).crashes) == ("pending", 2)


def test_the_third_crash_is_poison(living: Worker) -> None:
    body = put_join("other")
    job = died(f"{living.pk}:77", crashes=2, body=body)

    rescue.rescue(forgiving=False)

    assert (now(job).state, now(job).errors[-1]["kind"]) == ("dead", "poison")
    assert now(body).release_at is not None


def test_ten_deaths_of_any_kind_are_enough() -> None:
    job = died(losses=8, crashes=1)

    rescue.rescue(forgiving=False)

    assert now(job).state == "dead"


@pytest.mark.parametrize("name", ["", "0:77", "nonsense", "99999999999999999999:1", "987654:1"])
def test_a_worker_nobody_knows_stops_no_rescue(name: str) -> None:
    assert rescue.rescue(forgiving=False) == 0
    job = died(name)

    assert rescue.rescue(forgiving=False) == 1
    assert now(job).losses == 1


def test_two_relays_count_one_death_once(living: Worker) -> None:
    rows = [put(f"j{n}", state="running", attempts=1, worker=f"{living.pk}:7") for n in range(20)]
    start, found = threading.Barrier(4), list[int]()

    def look() -> None:
        start.wait()
        found.append(rescue.rescue(forgiving=False))
        connection.close()

    relays = [threading.Thread(target=look) for _ in range(4)]
    for relay in relays:
        relay.start()
    for relay in relays:
        relay.join()
    found.append(rescue.rescue(forgiving=False))  # what one held while another looked

    assert sum(found) == 20
    assert {now(row).crashes for row in rows} == {1}


def test_a_session_that_holds_a_job_past_its_lease_is_ended(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    job = died(lease_until=Now() - timedelta(seconds=1))
    lock(elsewhere, job_lock(job.pk))

    assert silence.end_silent_sessions() == 1

    time.sleep(0.1)
    assert rescue.rescue(forgiving=False) == 1


def test_a_session_within_its_lease_is_not_ended(elsewhere: BaseDatabaseWrapper) -> None:
    job = died(lease_until=Now() + timedelta(seconds=60))
    lock(elsewhere, job_lock(job.pk))

    assert silence.end_silent_sessions() == 0


@pytest.mark.parametrize(("silent", "ended"), [(15.0, 0), (0.0, 1)])
def test_the_session_of_a_worker_that_lives_is_not_ended_for_one_of_its_jobs(
    elsewhere: BaseDatabaseWrapper,
    living: Worker,
    monkeypatch: pytest.MonkeyPatch,
    *,
    silent: float,
    ended: int,
) -> None:
    """It holds the locks of all of them."""
    monkeypatch.setattr(silence, "SILENT", silent)
    job = died(f"{living.pk}:{living.pid}", lease_until=Now() - timedelta(seconds=1))
    lock(elsewhere, job_lock(job.pk))

    assert silence.end_silent_sessions() == ended


def test_a_relay_that_only_looks_is_not_taken_for_a_silent_session(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    job = died(lease_until=Now() - timedelta(seconds=1))
    with elsewhere.cursor() as cursor:
        cursor.execute("SET application_name = 'relay'")
    lock(elsewhere, job_lock(job.pk))

    assert silence.end_silent_sessions() == 0


def test_a_job_taken_over_cannot_be_finished_by_the_first(elsewhere: BaseDatabaseWrapper) -> None:
    job = put("job")
    first = claims.claim(job.pk, task=job.task, worker="1:1", lease=60)
    locking.let_go()
    rescue.rescue(forgiving=False)
    claims.claim(job.pk, task=job.task, worker="1:2", lease=60)

    assert isinstance(first, claims.Claim)
    assert not settling.finish(first)
    assert now(job).worker == "1:2"


def test_an_attempt_that_died_is_remembered_with_its_beginning(living: Worker) -> None:
    died(worker=f"{living.pk}:77", started_at=Now() - timedelta(minutes=1))

    rescue.rescue(forgiving=False)

    [error] = Job.objects.get().errors
    assert (error["kind"], error["message"], error["attempt"]) == ("lost", "its process died", 1)
    assert error["began"] < error["at"]
