"""One example's world: what can happen in it, from a click to a power cut."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from deferral.schedules.ticking import write_tick
from orders.drafts import Draft
from shop.checkout import check_out
from tests.proofs.machine.bank import Bank
from tests.proofs.machine.broker import Broker, Message
from tests.proofs.machine.clock import Clock
from tests.proofs.machine.crew import Crew
from tests.proofs.machine.customers import a_draft
from tests.proofs.machine.fates import FATES
from tests.proofs.machine.processes import Process
from tests.proofs.machine.receivers import Books
from tests.proofs.machine.staff import Staff
from tests.proofs.machine.staging import fill_shelves, forget_everything, put_in_place

MOST_ORDERS = 3


class World:
    """What is addressed by a number is that one modulo how many there are, if there are any.

    Where a step is named, who reaches it stands there, and is returned.
    """

    def __init__(self) -> None:
        self.clock, self.broker, self.books = Clock(), Broker(), Books()
        self.bank, self.staff = Bank(self.books), Staff()
        self.drafts = list[Draft]()
        self.beats = 0
        forget_everything()
        fill_shelves()
        self._patch = pytest.MonkeyPatch()
        put_in_place(
            self._patch, broker=self.broker, books=self.books, bank=self.bank, clock=self.clock
        )
        self.crew = Crew()

    def close(self) -> None:
        """The product is as it was; the rows stay for a look."""
        self.crew.close()
        self._patch.undo()

    def switch(self, *, chords: bool) -> None:
        """Joins go out as chords, or part by part."""
        self._patch.setattr(settings, "JOINS_AS_CHORDS", chords)

    def buy(self, *, seats: int, stop_at: str = "") -> Process | None:
        """A customer orders a print and some seats, and pays. Later ones send old forms again."""
        if len(self.drafts) < MOST_ORDERS:
            self.drafts.append(a_draft(seats))
        return self.click(len(self.drafts) - 1, stop_at=stop_at)

    def click(self, number: int, *, stop_at: str = "") -> Process | None:
        """The form is sent, for the first time or again."""
        draft = self.drafts[number % len(self.drafts)]
        web = Process("web", self.crew.on_step)
        self.crew.webs.append(web)
        found = self.crew.work(web, lambda: check_out(draft=draft, method="pm"), stop_at=stop_at)
        self.crew.send_home(web)
        return found

    def tick(self, number: int, *, stop_at: str = "") -> Process | None:
        """One pass of a relay."""
        process, relay = self.crew.relays[number]
        if process.stands_at:
            return None
        found = self.crew.work(process, relay._guarded, stop_at=stop_at)
        self.crew.witness.look_at(self.crew.stopped)
        self.crew.breathe()
        return found

    def beat(self) -> None:
        """A minute is over, for whoever looks after payments that nobody settled."""
        self.beats += 1
        due = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=self.beats)
        write_tick(name="stale", task="shop.settle_stale_payments", kwargs={}, due=due)

    def deliver(self, number: int, *, stop_at: str = "") -> Process | None:
        """A worker receives a message that waits."""
        waiting = self.broker.waiting
        free = [message for message in waiting if self.crew.idle_in(message.queue)]
        if not free:
            return None
        waiting.remove(found := free[number % len(free)])
        return self._receive(found, stop_at)

    def redeliver(self, number: int, *, stop_at: str = "") -> Process | None:
        """A worker receives a message that was there before: long ago, or of a job under way."""
        under_way = {process.job for process in self.crew.stopped} - {0}
        twins = [message for message in self.broker.seen if message.job in under_way]
        seen = twins if twins and number % 2 else self.broker.seen
        return self._receive(seen[number % len(seen)], stop_at) if seen else None

    def work(self, relay: int, count: int, number: int) -> None:
        """A pass of this relay, then so many messages."""
        self.tick(relay)
        for _ in range(count):
            self.deliver(number)

    def poison(self, number: int, step: str, times: int) -> None:
        """A job kills whoever runs it, again and again; each time it is found and sent again."""
        job = self._waiting_job(number)
        for _ in range(times):
            self.meet("dies", self.deliver_job(job, stop_at=step))
            self.move_clock(1)
            self.tick(0)

    def overtake(self, number: int, step: str, other_step: str) -> None:
        """Who holds a job is cut off; another takes over; then the first goes on, unknowing."""
        job = self._waiting_job(number)
        first = self.deliver_job(job, stop_at=step)
        self.meet("is cut off", first)
        self.move_clock(1)
        self.tick(0)
        second = self.deliver_job(job, stop_at=other_step)
        self.meet("goes on elsewhere", first)
        self.meet("goes on", second)

    def deliver_job(self, job: int, *, stop_at: str) -> Process | None:
        """A worker receives the job's message, if one waits."""
        jobs = [message.job for message in self.broker.waiting]
        return self.deliver(jobs.index(job), stop_at=stop_at) if job in jobs else None

    def _waiting_job(self, number: int) -> int:
        jobs = [message.job for message in self.broker.waiting if message.job]
        return jobs[number % len(jobs)] if jobs else 0

    def meet(self, fate: str, process: Process | None) -> None:
        """Become of the process what may."""
        if process:
            FATES[fate](self.crew, process)

    def move_clock(self, seconds: int) -> None:
        """Ahead, or back."""
        self.clock.move(seconds)
        self.broker.move(seconds)

    def _receive(self, message: Message, stop_at: str) -> Process | None:
        child = self.crew.idle_in(message.queue, message.job)
        if not child:
            return None
        return self.crew.work(child, message.handle, stop_at=stop_at, job=message.job)
