"""A long job whose worker dies, leaves or is paused goes on from its last checkpoint."""

import os
import signal
from collections import Counter
from functools import partial

import pytest

from deferral.ledger import control
from deferral.models import Job, JobStep
from launcher.servers.process import kill_group
from launcher.workers import Worker
from tests.probes.events import Poked
from tests.probes.long import NUMBERS
from tests.rig.depth import thorough
from tests.rig.emptying import empty_broker
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

KEY = "count:n"
WORKER = Worker("children", "bulk", 1)


@pytest.fixture
def counting(shop: RunningShop) -> RunningShop:
    """A shop whose worker counts, and has come to ten."""
    shop.relay()
    shop.celery(WORKER)
    shop.ready()
    shop.publish(Poked(name="n", probe="count"))
    eventually(lambda: counted() >= 10, show=shop.logs)
    return shop


def counted() -> int:
    """How many numbers of both steps are behind a checkpoint."""
    return sum(JobStep.objects.filter(job__key=KEY).values_list("done", flat=True))


def is_further_than(number: int) -> bool:
    """Whether it has come so far."""
    return counted() >= number


def is_done() -> bool:
    """Whether it is over."""
    return Job.objects.filter(key=KEY, state="done").exists()


def marks(shop: RunningShop) -> Counter[str]:
    """How often each number was counted, by the marks that the task left outside the ledger."""
    names = [f"n-{step}-{n}" for step in ("first", "second") for n in range(1, NUMBERS + 1)]
    return Counter({name: shop.marks(name) for name in names})


def each_was_counted(shop: RunningShop, *, repeats: int) -> None:
    """None is missing, and at most so many were counted twice: those before no checkpoint."""
    found = marks(shop)
    assert len(found) == 2 * NUMBERS
    assert set(found.values()) <= {1, 2}
    assert sum(found.values()) - 2 * NUMBERS <= repeats


@thorough
def test_a_worker_that_is_killed_again_and_again_starts_nothing_over(
    counting: RunningShop,
) -> None:
    kills = 5
    for _ in range(kills):
        eventually(partial(is_further_than, counted() + 10), show=counting.logs)
        kill_group(counting.named("children"))
        counting.named("children").wait()
        counting.start_again()

    eventually(is_done, show=counting.logs)
    each_was_counted(counting, repeats=kills)
    job = Job.objects.get(key=KEY)
    assert (job.attempts, job.crashes, job.losses) == (1, 0, 0)


@thorough
def test_a_worker_that_is_told_to_leave_gives_it_back_at_its_next_checkpoint(
    counting: RunningShop,
) -> None:
    worker = counting.named("children")
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(20) == 0
    assert not is_done()
    counting.start_again()

    eventually(is_done, show=counting.logs)
    each_was_counted(counting, repeats=0)


@thorough
def test_paused_it_stands_still_through_a_death_and_a_wiped_broker_until_it_is_resumed(
    counting: RunningShop,
) -> None:
    job = Job.objects.get(key=KEY)
    control.pause_job(job_id=job.pk, by="ada", reason="rush hour")
    kill_group(counting.named("children"))  # before or after it has seen that
    counting.named("children").wait()
    empty_broker()
    counting.start_again()
    eventually(Job.objects.filter(pk=job.pk, state="paused").exists, show=counting.logs)

    control.resume_job(job_id=job.pk, by="ada")

    eventually(is_done, show=counting.logs)
    each_was_counted(counting, repeats=1)


def test_a_cancelled_one_counts_no_further(counting: RunningShop) -> None:
    control.cancel_job(job_id=Job.objects.get(key=KEY).pk, by="ada", reason="not needed")

    eventually(Job.objects.filter(key=KEY, state="discarded").exists, show=counting.logs)
    assert sum(marks(counting).values()) == counted() < 2 * NUMBERS
