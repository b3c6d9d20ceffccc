"""A shop whose dead are started again: one for a whole sweep."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import F, Sum
from django.db.models.functions import Now

from config.queues import THREAD_QUEUES
from deferral.models import Job
from deferral.registry import queues
from deferral.schedules.ticking import write_tick
from launcher.workers import WORKERS
from orders.models import Order, PaymentAttempt
from orders.payments import pursuing
from shop.settlement import STALE_AFTER
from tests.proofs.failures.broker import Broker
from tests.rig.running_shop import RunningShop, is_settled
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually

KILLED = -9
SOFT = "1"  # seconds that a worker has to end what it runs: the scenarios wait for it
LONG = STALE_AFTER + pursuing.GIVE_UP_AFTER


@dataclass(kw_only=True)
class SupervisedShop(RunningShop):
    """Web, relay and workers, which a supervisor watches whenever somebody waits here."""

    broker: Broker
    once_more: tuple[str, ...] = ()
    # After two deaths a queue may have waited for so long that what may be shed is shed.
    may_shed: bool = False

    def open(self) -> None:
        """Start them, ready to die where it is asked (`crash_at`)."""
        self.web()
        self.relay()
        for worker in WORKERS:
            waits = worker.queues.split(",")[0] in THREAD_QUEUES
            crash = self.crash_folder("thread" if waits else "child")
            self.celery(worker, CRASHPOINT=str(crash), SOFT_SHUTDOWN=SOFT)
        self.ready()

    def tidy(self) -> None:
        """After one test, before the next: everybody lives, nobody shall die, nothing is queued.

        A hint left over, given twice for an order that is done, would meet the next crash point.
        """
        self.once_more = ()
        for left in self.scratch.glob("crash-*/*"):
            left.unlink()
        self.start_again()
        self.ready()
        self.until(lambda: not self.broker.queued(queues()))

    def until(self, happened: Callable[[], bool]) -> None:
        """Look until it happened; the dead are started again meanwhile."""

        def look() -> bool:
            self.supervise()
            return happened()

        eventually(look, show=self.logs)

    def supervise(self) -> None:
        """Start the dead again; whoever comes to the step `once_more` after a death dies there."""
        self.start_again()
        if self.once_more and self.crashes(self.once_more[0]):
            self.crash_at(*self.once_more)
            self.once_more = ()

    def whole(self, order: Order, effects: Mapping[tuple[str, str], int]) -> Order:
        """Wait until all is over; then each effect has been accepted under exactly one key."""
        self.until(lambda: is_settled(order))
        owed = dict(effects)
        if self.may_shed and self.job(f"analytics:order_paid:{order.reference}", state="expired")():
            owed.pop(("analytics", "order_paid"))
        found = self.accepted(order)
        assert found == owed, f"{found}\n{self.picture(order)}"
        return order

    def deaths(self, order: Order) -> tuple[int, int]:
        """How often a process died with one of its jobs: alone, and with whatever else it ran."""
        jobs = Job.objects.filter(subject=order.subject)
        found = jobs.aggregate(crashes=Sum("crashes"), losses=Sum("losses"))
        return found["crashes"], found["losses"]

    def job(self, key: str, **state: object) -> Callable[[], bool]:
        """Whether the job is like this by now."""
        return Job.objects.filter(key=key, **state).exists

    def manage(self, *command: str) -> None:
        """A command, given by somebody who gives it again when it was killed."""
        whole = os.environ | self.env
        line = [sys.executable, "manage.py", *command]
        while (done := subprocess.run(line, env=whole, cwd=ROOT, check=False)).returncode == KILLED:  # noqa: S603  ours
            assert self.crashes()
        done.check_returncode()

    def let_time_pass(self, length: timedelta = LONG) -> None:
        """A quarter of an hour goes by: attempts are stale, and the schedule looks for them."""
        left = PaymentAttempt.objects.filter(state=PaymentAttempt.State.REQUESTED)
        left.update(created_at=F("created_at") - length - timedelta(seconds=1))
        self.look_for_stale_ones()

    def let_a_minute_pass(self) -> None:
        """The same, and nothing is given up yet."""
        self.let_time_pass(STALE_AFTER)

    def let_an_hour_pass(self, order: Order) -> None:
        """For so long the goods of an order are kept whose payment failed."""
        Order.objects.filter(pk=order.pk).update(kept_until=Now())
        self.look_for_stale_ones()

    def look_for_stale_ones(self) -> None:
        """As beat has it done each minute."""
        task, now = "shop.settle_stale_payments", datetime.now(UTC)
        write_tick(name="settle-stale-payments", task=task, kwargs={}, due=now)

    def hurry(self, order: Order) -> None:
        """What waits for its time is due now."""
        Job.objects.filter(subject=order.subject, state="pending", sent_at=None).update(
            next_at=Now()
        )

    def end_session_of(self, job: Job) -> None:
        """The database closes the connection of whoever runs it."""
        with connection.cursor() as cursor:
            cursor.execute(END_SESSION, [job.pk])
            assert cursor.rowcount == 1

    def hangs_up_on_who_waits(self) -> bool:
        """The database closes the connection of whoever waits for this transaction, if any does."""
        with connection.cursor() as cursor:
            cursor.execute(END_SESSION_THAT_WAITS)
            return bool(cursor.fetchall())


END_SESSION = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
  AND (classid::bigint << 32) + objid::bigint = (71::bigint << 48) + %s
"""
END_SESSION_THAT_WAITS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""
