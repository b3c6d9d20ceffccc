"""A worker whose threads run many jobs is killed: nothing is lost, and the innocent get through."""

import pytest

from deferral.models import Job
from launcher.servers.process import kill_group
from launcher.workers import Worker
from tests.probes.events import Poked
from tests.proofs.failures.thread_workers import (
    all_done,
    in_threads,
    open_door,
    poke_many,
    running,
    until,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually

ORDERS = 8
FAULTS = {"partner": "hang", "crm": "slow", "analytics": "slow", "mail": "slow"}


@thorough
def test_killed_with_thirty_jobs_in_flight_each_effect_is_counted_once(
    shop: RunningShop,
) -> None:
    orders = [shop.order(tickets=1) for _ in range(ORDERS)]
    for service, mode in FAULTS.items():
        shop.sandbox.fault(service, mode=mode)
    shop.relay()
    shop.celery(Worker("children", "critical", 2))
    killed = [in_threads(shop, 8, "mail"), in_threads(shop, 24, "partners,analytics")]
    shop.ready()
    wait_until_running(shop, 28)

    for worker in killed:
        kill_group(worker)
        worker.wait()
    in_flight = set(Job.objects.filter(state="running").values_list("pk", flat=True))
    for service in FAULTS:
        shop.sandbox.fault(service, mode="ok")
    shop.start_again()

    for order in orders:
        shop.settle(order, patience=60)
        assert shop.accepted(order) == EFFECTS
    assert len(in_flight) >= 20
    assert not Job.objects.filter(state="dead").exists()
    assert not Job.objects.filter(crashes__gt=0).exists()
    assert not Job.objects.filter(losses__gt=1).exists()


@pytest.mark.parametrize("poison", ["kill_all", pytest.param("exit_all", marks=thorough)])
def test_poison_is_found_among_the_innocent_and_they_are_done(
    shop: RunningShop, poison: str
) -> None:
    shop.relay()
    in_threads(shop, 12)
    shop.celery(Worker("children", "bulk", 2))
    innocent = poke_many(shop, "linger", 8)
    wait_until_running(shop, 8)
    shop.publish(Poked(name="p", probe=poison))
    rows = Job.objects.filter(key=f"{poison}:p")

    until(rows.filter(queue="bulk").exists, shop)
    open_door(shop)
    until(rows.filter(state="dead").exists, shop)

    job = rows.get()
    assert (job.crashes, job.losses, shop.marks("p")) == (3, 3, 6)
    assert job.errors[-1]["kind"] == "poison"
    assert any("it runs alone" in error["message"] for error in job.errors)
    assert all(found.crashes == 0 and found.losses <= 3 for found in all_done(shop, innocent))


@thorough
def test_of_ten_deaths_of_its_process_an_innocent_job_meets_three(shop: RunningShop) -> None:
    """Then it runs alone, out of the others' reach: ten deaths would be the end."""
    shop.relay()
    worker = in_threads(shop, 4)
    rows = Job.objects.filter(task="probes.linger")
    here = rows.filter(queue="partners")
    for number in range(10):
        shop.publish(Poked(name=f"n{number}", probe="linger"))
        eventually(rows.filter(key=f"linger:n{number}", state="running").exists, show=shop.logs)
        eventually(lambda: not here.exclude(state="running").exists(), show=shop.logs)
        kill_group(worker)
        worker.wait()
        eventually(lambda: running() == 0, show=shop.logs)
        shop.start_again()
        worker = shop.named("threads")
        shop.ready()

    assert set(rows.filter(queue="bulk").values_list("losses", flat=True)) == {3}
    open_door(shop)
    shop.celery(Worker("children", "bulk", 1))
    done = all_done(shop, [f"linger:n{number}" for number in range(10)])
    assert sorted(job.losses for job in done) == [1, 2, *[3] * 8]
    assert {(job.attempts, job.crashes) for job in done} == {(1, 0)}
