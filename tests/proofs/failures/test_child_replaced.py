"""A queue with a single process is not left alone when that process is killed."""

import os
import signal
import time
from functools import partial

from tests.bench.processes import children
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

KILLS = 12


@thorough
def test_a_child_that_is_killed_is_replaced_at_once_each_time(shop: RunningShop) -> None:
    worker = shop.worker(processes="1")
    shop.ready()

    for number in range(KILLS):
        [before] = children(worker.pid)
        time.sleep(0.37 * (number % 4))  # at any moment of Celery's five seconds
        os.kill(before, signal.SIGKILL)

        eventually(partial(is_replaced, worker.pid, before), patience=2)


def is_replaced(worker: int, before: int) -> bool:
    """Another child is there, and this one is not."""
    return [child for child in children(worker) if child != before] == children(worker) != []
