"""A job that nothing can end in a thread: its process ends, and it alone is to blame."""

import os

import pytest

from deferral.models import Job
from tests.probes.events import Poked
from tests.proofs.failures.thread_workers import (
    costs,
    in_threads,
    open_door,
    poke_many,
    until,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop

SOON = {"PROBE_PATIENCE": "2"}


@pytest.mark.parametrize("probe", [pytest.param("sit_in_c", marks=thorough), "turn_deaf"])
def test_what_the_limit_cannot_end_is_charged_and_the_others_are_free(
    shop: RunningShop, probe: str
) -> None:
    shop.relay()
    worker = in_threads(shop, 8, **SOON)
    others = poke_many(shop, "linger", 6)
    wait_until_running(shop, 6)
    shop.publish(Poked(name="s", probe=probe))

    assert worker.wait(timeout=40) == os.EX_SOFTWARE, shop.logs()
    stuck = Job.objects.get(key=f"{probe}:s")
    assert (stuck.state, stuck.attempts, stuck.crashes, stuck.losses) == ("pending", 0, 1, 0)
    assert "nothing could end it" in stuck.errors[-1]["message"]

    open_door(shop)
    rows = Job.objects.filter(key__in=others, state="done")
    until(lambda: rows.count() == len(others), shop)
    assert costs(list(rows)) == {(1, 0, 0)}


def test_what_hangs_as_it_settles_is_given_back_before_its_lease_is_over(
    shop: RunningShop,
) -> None:
    shop.relay()
    worker = in_threads(shop, 8, **SOON)
    others = poke_many(shop, "linger", 6)
    wait_until_running(shop, 6)
    shop.publish(Poked(name="s", probe="hang_as_it_settles"))

    assert worker.wait(timeout=40) == os.EX_SOFTWARE, shop.logs()
    jobs = list(Job.objects.filter(key__in=[*others, "hang_as_it_settles:s"]))
    assert [(job.state, job.errors) for job in jobs] == [("pending", [])] * 7
    assert costs(jobs) == {(0, 0, 0)}


@thorough
def test_after_three_times_it_is_poison(shop: RunningShop) -> None:
    shop.relay()
    in_threads(shop, 4, **SOON)
    shop.publish(Poked(name="s", probe="sit_in_c"))
    rows = Job.objects.filter(key="sit_in_c:s", state="dead")

    until(rows.exists, shop)

    job = rows.get()
    assert (job.crashes, job.losses, shop.marks("s")) == (3, 0, 3)
    assert job.errors[-1]["kind"] == "poison"


def test_what_would_end_a_program_is_a_failed_attempt_and_no_more(shop: RunningShop) -> None:
    shop.relay()
    worker = in_threads(shop, 4)
    job = shop.poke("exit_thread", "e", settled="dead")

    assert [error["class"] for error in job.errors] == ["RuntimeError"] * 3
    assert (job.crashes, job.losses, shop.marks("e")) == (0, 0, 3)
    assert worker.poll() is None
