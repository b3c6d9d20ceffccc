"""The same job is hinted again while a thread runs it: it runs once, and its lock stays held."""

from celery import current_app

from deferral.models import Job
from tests.proofs.failures.thread_workers import (
    all_done,
    held_locks,
    in_threads,
    open_door,
    poke_many,
    wait_until_running,
)
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually


def hint(job: Job) -> None:
    """As the relay gives it, and as whoever can write to the broker could."""
    current_app.send_task(job.task, kwargs={"job": job.pk}, queue=job.queue)


def test_a_twin_is_refused_and_does_not_free_what_the_other_holds(shop: RunningShop) -> None:
    shop.relay()
    in_threads(shop, 4)
    keys = poke_many(shop, "linger", 1)
    wait_until_running(shop, 1)
    job = Job.objects.get(key=keys[0])

    for _ in range(5):
        hint(job)
    shop.poke("note", "after-the-twins")
    shop.poke("note", "and-again")

    assert held_locks(job) == 1
    open_door(shop)
    [job] = all_done(shop, keys)
    assert (job.epoch, job.attempts, shop.marks("linger-0")) == (1, 1, 1)
    eventually(lambda: held_locks(job) == 0)


@thorough
def test_many_hints_of_many_jobs_are_one_run_each(shop: RunningShop) -> None:
    """They lie side by side, so that threads of two processes take those of one job at once."""
    relay = shop.relay()
    keys = poke_many(shop, "note", 20)
    jobs = Job.objects.filter(key__in=keys)
    eventually(lambda: jobs.filter(sent_at__isnull=False).count() == 20)
    shop.end_one(relay)
    for job in jobs:
        for _ in range(8):
            hint(job)
    shop.relay()
    in_threads(shop, 8)
    in_threads(shop, 8)

    assert {job.epoch for job in all_done(shop, keys)} == {1}
    assert [shop.marks(f"note-{number}") for number in range(20)] == [1] * 20
