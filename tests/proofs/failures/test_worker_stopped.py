"""A deploy stops a worker in the middle of a job: nothing is lost, and nobody is blamed.

Containers turn TERM into QUIT (REMAP_SIGTERM): a worker gives its jobs SOFT_SHUTDOWN seconds, then
ends them. The message is long acknowledged by then; it is the ledger that puts the job back.
"""

import pytest

from deferral.models import Worker
from launcher.servers.process import Process, kill_group
from tests.probes.events import Poked
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

AS_IN_A_CONTAINER = {"REMAP_SIGTERM": "SIGQUIT", "SOFT_SHUTDOWN": "2"}


def in_mid_job(shop: RunningShop, **env: str) -> Process:
    """A worker that is busy with a job which takes its time."""
    shop.relay()
    worker = shop.worker(**env)
    shop.publish(Poked(name="slow", probe="dawdle"))
    eventually(lambda: shop.marks("slow") == 1, show=shop.logs)
    return worker


@thorough
def test_what_does_not_end_in_time_is_put_back_at_no_cost(shop: RunningShop) -> None:
    worker = in_mid_job(shop, **AS_IN_A_CONTAINER)
    worker.terminate()
    worker.wait(timeout=20)

    shop.worker()
    job = shop.wait_for("dawdle:slow")

    assert shop.marks("slow") == 2
    assert (job.attempts, job.crashes, job.losses) == (1, 0, 0), shop.logs()


def test_what_ends_in_time_is_done_once(shop: RunningShop) -> None:
    worker = in_mid_job(shop, **AS_IN_A_CONTAINER)
    worker.terminate()
    (shop.scratch / "slow-may-end").touch()
    worker.wait(timeout=20)

    job = shop.wait_for("dawdle:slow", patience=1)

    assert shop.marks("slow") == 1
    assert job.attempts == 1


@thorough
@pytest.mark.parametrize("env", [{}, AS_IN_A_CONTAINER])
def test_a_worker_killed_while_it_was_being_stopped_is_not_blamed(
    shop: RunningShop, env: dict[str, str]
) -> None:
    """The grace ran out: Docker sends KILL."""
    worker = in_mid_job(shop, **env)
    worker.terminate()
    eventually(Worker.objects.filter(stopping_at__isnull=False).exists)
    kill_group(worker)
    worker.wait()

    shop.worker()
    job = shop.wait_for("dawdle:slow")

    assert (job.attempts, job.crashes, job.losses) == (1, 0, 0), shop.logs()
