"""A worker that runs jobs in threads is told to leave, by a deploy: nothing is lost or charged."""

import os
import time
from subprocess import TimeoutExpired

import pytest

from deferral.models import Job, Worker
from launcher.options import read_options
from launcher.servers.process import Process, kill_group
from launcher.stack import halyard
from tests.probes.events import Poked
from tests.proofs.failures.thread_workers import (
    all_done,
    costs,
    in_threads,
    open_door,
    poke_many,
    until,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

QUIT = {"REMAP_SIGTERM": "SIGQUIT", "SOFT_SHUTDOWN": "3"}
# Whoever is gone in the test's own time has not waited for the end of this.
IN_NO_HURRY = {"REMAP_SIGTERM": "SIGQUIT", "SOFT_SHUTDOWN": "600"}
WITHIN = 40


def busy(shop: RunningShop, jobs: int = 8, /, **env: str) -> tuple[Process, list[str]]:
    """Eight threads, each in a job; the other jobs' hints lie in the worker's hands."""
    shop.relay()
    worker = in_threads(shop, 8, **env)
    keys = poke_many(shop, "linger", jobs)
    wait_until_running(shop, min(jobs, 8))
    return worker, keys


def marks(shop: RunningShop, keys: list[str]) -> int:
    return sum(shop.marks(key.partition(":")[2]) for key in keys)


@thorough
def test_what_does_not_end_in_time_is_given_back_and_nothing_begins(shop: RunningShop) -> None:
    worker, keys = busy(shop, 24, **QUIT)
    eventually(lambda: not Job.objects.filter(state="pending", sent_at=None).exists())
    worker.terminate()
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)

    assert worker.wait(timeout=WITHIN) == os.EX_SOFTWARE, shop.logs()
    assert marks(shop, keys) == 8
    assert {job.state for job in Job.objects.all()} == {"pending"}
    open_door(shop)
    shop.start_again()
    assert costs(all_done(shop, keys)) == {(1, 0, 0)}
    assert marks(shop, keys) == 8 + 24


@thorough
def test_a_mail_that_hangs_as_the_launcher_stops_its_worker_is_given_back(
    shop: RunningShop,
) -> None:
    [mail] = [each for each in halyard(read_options({}), {}).programs if each.name == "mail"]
    shop.relay()
    worker = in_threads(shop, 4, "mail", SOFT_SHUTDOWN="2")
    keys = poke_many(shop, "write_to", 3)
    wait_until_running(shop, 3)
    worker.send_signal(mail.stop_signal)

    assert worker.wait(timeout=WITHIN) == os.EX_SOFTWARE, shop.logs()
    jobs = list(Job.objects.filter(key__in=keys))
    assert [(job.state, job.errors) for job in jobs] == [("pending", [])] * 3
    assert costs(jobs) == {(0, 0, 0)}


def test_what_ends_in_time_is_done_once_and_nobody_waits_longer(shop: RunningShop) -> None:
    worker, keys = busy(shop, **IN_NO_HURRY)
    worker.terminate()
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)
    open_door(shop)
    assert worker.wait(timeout=WITHIN) == 0, shop.logs()

    assert costs(all_done(shop, keys, patience=1)) == {(1, 0, 0)}
    assert marks(shop, keys) == 8


def test_who_does_nothing_leaves_at_once(shop: RunningShop) -> None:
    worker = in_threads(shop, 8, **IN_NO_HURRY)
    shop.ready()
    worker.terminate()

    worker.wait(timeout=WITHIN)


@thorough
def test_who_is_told_again_and_again_leaves_no_later(shop: RunningShop) -> None:
    worker, keys = busy(shop, **QUIT)
    patience = time.monotonic() + WITHIN
    while worker.poll() is None and time.monotonic() < patience:
        worker.terminate()
        time.sleep(0.5)

    assert worker.poll() == os.EX_SOFTWARE, shop.logs()
    open_door(shop)
    shop.start_again()
    assert costs(all_done(shop, keys)) == {(1, 0, 0)}


@thorough
def test_on_term_alone_what_runs_is_finished(shop: RunningShop) -> None:
    """However long it takes."""
    worker, keys = busy(shop, SOFT_SHUTDOWN="1")
    worker.terminate()
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)
    with pytest.raises(TimeoutExpired):
        worker.wait(timeout=3)
    open_door(shop)

    assert worker.wait(timeout=WITHIN) == 0, shop.logs()
    assert costs(all_done(shop, keys, patience=1)) == {(1, 0, 0)}
    assert marks(shop, keys) == 8


@thorough
def test_a_worker_that_leaves_still_ends_what_is_stuck(shop: RunningShop) -> None:
    """TERM alone waits for ever, and so does a worker that is to be replaced."""
    worker, keys = busy(shop, 4, PROBE_PATIENCE="2")
    shop.publish(Poked(name="s", probe="sit_in_c"))
    eventually(lambda: shop.marks("s") == 1, show=shop.logs)
    worker.terminate()

    assert worker.wait(timeout=WITHIN) == os.EX_SOFTWARE, shop.logs()
    assert Job.objects.get(key="sit_in_c:s").crashes == 1
    open_door(shop)
    rows = Job.objects.filter(key__in=keys, state="done")
    until(lambda: rows.count() == len(keys), shop)
    assert costs(list(rows)) == {(1, 0, 0)}


@thorough
@pytest.mark.parametrize("env", [{}, QUIT])
def test_killed_while_it_was_being_stopped_it_blames_nobody(
    shop: RunningShop, env: dict[str, str]
) -> None:
    worker, keys = busy(shop, **env)
    worker.terminate()
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)
    kill_group(worker)
    worker.wait()

    open_door(shop)
    shop.start_again()
    assert costs(all_done(shop, keys)) == {(1, 0, 0)}
