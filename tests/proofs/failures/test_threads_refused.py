"""A worker that cannot keep its tasks' limits does not start, and says why in one sentence."""

import pytest

from launcher.workers import Worker
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop

NO_LIMITS = "ends no job at its time limit. Start it with -P prefork, or with -P threads"


def words_of(shop: RunningShop, worker: Worker, *options: str) -> str:
    """What it says as it ends."""
    command = [*worker.command(), *options]
    process = shop.start(worker.name, command)
    assert process.wait(timeout=40) == 1
    return (shop.scratch / f"{worker.name}.log").read_text()


def test_a_pool_that_ends_no_job_is_refused(shop: RunningShop) -> None:
    said = words_of(shop, Worker("w", "partners", 1), "-P", "solo")

    assert f"This worker does not start: its pool (solo) {NO_LIMITS} for what only waits." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("queues", ["mail,critical", pytest.param("bulk", marks=thorough)])
def test_threads_are_refused_for_what_computes(shop: RunningShop, queues: str) -> None:
    said = words_of(shop, Worker("w", queues, 4, "threads"))

    computing = queues.rpartition(",")[2]
    assert f"This worker does not start: {computing} must be served by -P prefork." in said
    assert "mail, partners, analytics, mailings (DEFERRAL_THREAD_QUEUES)" in said
    assert "Traceback" not in said
