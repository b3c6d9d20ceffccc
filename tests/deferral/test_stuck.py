"""Whom a thread worker charges when it ends because a job of it does not."""

import os
import threading
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from celery.worker import state
from django.db import Error
from django.db.models.functions import Now

from deferral.ledger.claims import Claim, claim
from deferral.models import Job
from deferral.threads import ending, stuck
from deferral.threads.unsettled import UNSETTLED, Claimed
from deferral.worker.liveness import LIVENESS
from tests.deferral.bench import now, put


def overdue(key: str) -> Claimed:
    """A job that should have ended long ago."""
    job = put(key)
    held = claim(job.pk, task=job.task, worker="1:1", lease=60)
    assert isinstance(held, Claim)
    return Claimed(held, until=0.0, thread=threading.get_ident())


@pytest.mark.parametrize(("waits_for_us", "crashes", "given_back"), [(False, 1, 0), (True, 0, 1)])
def test_a_job_that_waits_for_our_own_database_is_not_charged(
    monkeypatch: pytest.MonkeyPatch, *, waits_for_us: bool, crashes: int, given_back: int
) -> None:
    """It was never told that it is late: nobody interrupts a statement."""
    found, back = overdue("slow"), list[Claimed]()

    def give_back(running: Iterable[Claimed]) -> None:
        back.extend(running)

    monkeypatch.setattr(stuck, "leave_the_pool", lambda: None)
    monkeypatch.setattr(stuck, "is_left_alone", lambda _: waits_for_us)
    monkeypatch.setattr(stuck, "give_back_and_end", give_back)
    monkeypatch.setattr(UNSETTLED, "now", lambda: [found])

    stuck.end_process([found])

    assert len(back) == given_back
    assert Job.objects.get(pk=found.claim.id).crashes == crashes


def test_who_cannot_write_that_it_leaves_still_gives_back_what_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody holds the worker's row; the jobs' are free."""
    found, ends = overdue("slow"), list[int]()

    def held_up() -> None:
        raise Error("canceling statement due to lock timeout")

    monkeypatch.setattr(ending, "leave_the_pool", lambda: None)
    monkeypatch.setattr(LIVENESS, "take_leave", held_up)
    monkeypatch.setattr(os, "_exit", ends.append)

    ending.give_back_and_end([found])

    job = Job.objects.get(pk=found.claim.id)
    assert (job.state, job.attempts, job.crashes, job.losses) == ("pending", 0, 0, 0)
    assert len(ends) == 1


def test_the_hints_that_wait_for_a_thread_of_a_process_that_ends_are_given_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = put("waiting", sent_at=Now())
    others = now(put("others", sent_at=Now(), state="running", worker="7:7", attempts=1))
    kwargs = [{"job": waiting.pk}, {"job": others.pk}, {"queue": "mail"}, {"job": "x"}]
    here = {str(n): SimpleNamespace(kwargs=each) for n, each in enumerate(kwargs)}
    monkeypatch.setattr(state, "requests", here)
    monkeypatch.setattr(LIVENESS, "take_leave", lambda: None)
    monkeypatch.setattr(ending, "leave_the_pool", lambda: None)
    monkeypatch.setattr(os, "_exit", lambda _: None)

    ending.give_back_and_end([])

    assert now(waiting).sent_at is None
    assert (now(others).state, now(others).sent_at) == ("running", others.sent_at)
