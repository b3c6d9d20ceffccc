"""A worker lives and does nothing: it is known by that, ended, and its work is done by another."""

from datetime import timedelta
from pathlib import Path

from django.db.models.functions import Now

from deferral.ledger.living import signs_of_workers
from deferral.ledger.serving import unserved_queues
from deferral.models import Job, Queue
from tests.probes.events import Poked
from tests.rig.depth import thorough
from tests.rig.running_shop import EFFECTS, RunningShop
from tests.rig.waiting import eventually

SOON = {"PROBE_LATE": "3", "PROBE_WAITS": "1"}


@thorough
def test_a_deaf_worker_ends_and_its_work_is_done_by_the_next(shop: RunningShop) -> None:
    shop.relay()
    worker = shop.worker(**SOON)
    shop.settle(shop.order(tickets=1))
    (shop.scratch / "deaf").touch()  # as after a reconnection that went wrong

    order = shop.order(tickets=1)
    eventually(lambda: worker.poll() is not None, patience=60, show=shop.logs)

    assert "worker_deaf" in shop.logs()
    (shop.scratch / "deaf").unlink()
    shop.start_again()
    shop.settle(order)
    assert shop.accepted(order) == EFFECTS
    assert not Job.objects.filter(crashes__gt=0).exists()


@thorough
def test_a_worker_whose_hands_are_full_is_left_as_it_is(shop: RunningShop) -> None:
    shop.relay()
    worker = shop.worker(processes="1", **SOON)
    for name in ("first", "second"):
        shop.publish(Poked(name=name, probe="dawdle"))
    eventually(lambda: shop.marks("first") + shop.marks("second") == 1, show=shop.logs)
    eventually(lambda: has_waited(6), patience=60, show=shop.logs)
    assert "critical" not in unserved_queues()

    for name in ("first", "second"):
        Path(shop.scratch / f"{name}-may-end").touch()
    shop.wait_for("dawdle:second")
    assert worker.poll() is None
    [(_, age)] = signs_of_workers()
    assert age < 10


def has_waited(seconds: int) -> bool:
    """Whether work has waited so long that a deaf worker would have been ended."""
    long_ago = Now() - timedelta(seconds=seconds)
    return Queue.objects.filter(overdue_since__lt=long_ago).exists()
