"""A job in a thread worker: its process's session holds its lock, and nothing stays behind."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from celery.concurrency.gevent import TaskPool as Gevent
from celery.concurrency.prefork import TaskPool as Prefork
from celery.concurrency.solo import TaskPool as Solo
from celery.concurrency.thread import TaskPool as Threads
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now

from deferral.database import holding
from deferral.database.held_session import HeldSession
from deferral.database.locks import JOB, slot_lock
from deferral.errors import Snooze
from deferral.external import pacing
from deferral.external.breakers import calling
from deferral.external_services import ExternalServices
from deferral.ledger import claims, settling
from deferral.ledger.claims import Claim, claim
from deferral.relay.stamping import stamp
from deferral.threads import leaving, pool
from deferral.threads.pool import refusal
from deferral.threads.unsettled import UNSETTLED
from tests.deferral.bench import deliver, doing, now, put

SLOW = ExternalServices("slow ").named("one")
LOCKED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"


@pytest.fixture(autouse=True)
def session(_ledger: None) -> Iterator[HeldSession]:
    """This process as a thread worker."""
    found = HeldSession()
    with found.cursor() as cursor:
        cursor.execute("SELECT 1")
    holding.share(found)
    yield found
    holding._shared.clear()
    found.lose()


def held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, [JOB >> 32])
        return int(cursor.fetchone()[0])


def test_a_job_that_is_hinted_twice_runs_once_and_keeps_its_lock() -> None:
    seen = list[str]()

    def look() -> None:
        with ThreadPoolExecutor(1) as twin:
            seen.append(twin.submit(deliver, job).result())
        seen.append(str(held()))

    job = doing(look)
    assert deliver(job) == "success"

    assert seen == ["ignore", "1"]
    assert now(job).attempts == 1
    assert held() == 0


@pytest.mark.parametrize("error", [OSError, Snooze, SystemExit])
def test_a_job_that_ends_somehow_leaves_no_lock(error: type[BaseException]) -> None:
    def end() -> None:
        raise Snooze("later", seconds=1) if error is Snooze else error

    job = doing(end)
    with pytest.raises(SystemExit) if error is SystemExit else threading.Lock():
        deliver(job)

    assert held() == 0


def test_what_else_a_job_took_and_could_not_give_back_is_free_when_it_ends() -> None:
    """Its time limit may strike between the line that takes a slot and the next."""
    deliver(doing(lambda: holding.hold_one_of([slot_lock(7)])))

    with ThreadPoolExecutor(1) as other:
        assert other.submit(holding.hold_one_of, [slot_lock(7)]).result() == slot_lock(7)


def test_what_its_thread_held_before_is_not_the_jobs_to_free() -> None:
    holding.hold_one_of([slot_lock(7)])
    deliver(put("job"))

    with ThreadPoolExecutor(1) as other:
        assert other.submit(holding.hold_one_of, [slot_lock(7)]).result() is None


def test_the_lock_is_held_until_what_was_done_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    settled, seen = settling.finish, list[int]()

    def look(claimed: Claim) -> bool:
        found = settled(claimed)
        seen.append(held())
        return found

    monkeypatch.setattr(settling, "finish", look)
    deliver(put("job"))

    assert seen == [1]


def test_a_job_counts_until_what_was_done_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs as it settles holds its lock past its lease: its own process must know of it."""
    settled, seen = settling.finish, list[str]()

    def look(claimed: Claim) -> bool:
        seen.extend(found.claim.key for found in UNSETTLED.now())
        return settled(claimed)

    monkeypatch.setattr(settling, "finish", look)
    deliver(put("job"))

    assert seen == ["job"]
    assert UNSETTLED.now() == []


def test_who_is_to_leave_begins_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "_until", [0.0])
    job = put("job", sent_at=Now())

    assert deliver(job) == "ignore"
    assert (now(job).state, now(job).attempts) == ("pending", 0)


def test_the_hint_that_a_leaving_worker_gets_is_given_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaving, "_until", [0.0])
    job = put("job", sent_at=Now())
    claimed = now(put("claimed", sent_at=Now(), state="running", worker="7:7", attempts=1))

    assert [deliver(job), deliver(claimed)] == ["ignore", "ignore"]

    assert [hint.job.key for hint in stamp({"critical": 10})] == ["job"]
    assert (now(claimed).state, now(claimed).sent_at) == ("running", claimed.sent_at)


def test_a_leaving_worker_without_its_database_drops_the_hint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A marker finds it."""
    job = put("job", sent_at=Now())
    monkeypatch.setattr(leaving, "_until", [0.0])
    monkeypatch.setattr(claims, "UNSEND", "SELECT pg_terminate_backend(pg_backend_pid()), %(ids)s")

    assert deliver(job) == "ignore"
    assert now(job).sent_at is not None


def test_what_a_process_cannot_finish_is_given_back_at_once() -> None:
    jobs = [put(f"job-{number}") for number in range(3)]
    claimed = [claim(job.pk, task=job.task, worker="1:1", lease=60) for job in jobs]
    mine = [one for one in claimed if isinstance(one, Claim)]
    settling.finish(mine[0])

    assert settling.give_back_all(mine) == 2
    assert [now(job).state for job in jobs] == ["done", "pending", "pending"]
    assert {(now(job).attempts, now(job).crashes) for job in jobs[1:]} == {(0, 0)}


def test_one_that_hangs_as_it_settles_does_not_keep_the_others(
    elsewhere: BaseDatabaseWrapper,
) -> None:
    jobs = [put(f"job-{number}") for number in range(3)]
    claimed = [claim(job.pk, task=job.task, worker="1:1", lease=60) for job in jobs]
    with elsewhere.cursor() as hanging:
        hanging.execute("BEGIN")
        hanging.execute("SELECT FROM deferral_job WHERE id = %s FOR UPDATE", [jobs[0].pk])

        assert settling.give_back_all([one for one in claimed if isinstance(one, Claim)]) == 2


def test_no_connection_is_held_during_a_call() -> None:
    with calling(SLOW):
        assert connection.connection is None


def test_one_service_has_a_third_of_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_most", [2])
    other = ExternalServices("slow ").named("other")

    with calling(SLOW), calling(SLOW):
        with pytest.raises(Snooze, match="2 others"), calling(SLOW):
            pass
        with calling(other):
            pass
    with calling(SLOW):
        assert len(pacing._under_way[SLOW]) == 1
    assert not any(pacing._under_way.values())


@pytest.mark.parametrize(
    ("kind", "queues", "why"),
    [
        (Prefork, ["critical", "mail"], ""),
        (Threads, ["mail"], ""),
        (Threads, ["mail", "critical"], "critical must be served by -P prefork"),
        (Solo, ["mail"], "solo) ends no job at its time limit"),
        (Gevent, ["mail"], "gevent) ends no job at its time limit"),
    ],
)
def test_a_pool_that_cannot_keep_a_limit_is_refused(kind: Any, queues: list[str], why: str) -> None:
    assert why in refusal(kind, queues)
    assert bool(why) == bool(refusal(kind, queues))


@pytest.mark.parametrize("queue", ["", "nights", "mail"])
def test_threads_are_refused_where_no_job_can_run_alone(queue: str, settings: Any) -> None:
    settings.DEFERRAL_ISOLATION_QUEUE = queue

    assert "DEFERRAL_ISOLATION_QUEUE must be one of" in refusal(Threads, ["mail"])
    assert refusal(Prefork, ["mail"]) == ""
