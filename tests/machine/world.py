"""One example's world: what can happen in it, from a click to a power cut."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from deferral import dead_letters
from deferral.models import Job
from deferral.schedules import write_tick
from orders import services
from orders.drafts import Draft
from orders.errors import NotAllowed
from orders.models import Order
from shop.checkout import check_out
from tests.machine.bank import Bank
from tests.machine.broker import Broker, Message
from tests.machine.clock import Clock
from tests.machine.crew import Crew
from tests.machine.customers import a_draft
from tests.machine.processes import Process
from tests.machine.staging import empty_tables, fill_shelves, put_in_place
from tests.machine.strangers import Books


class World:
    """Everything is addressed by a number, modulo how many there are; if any."""

    def __init__(self) -> None:
        self.clock, self.broker, self.books = Clock(), Broker(), Books()
        self.bank = Bank(self.books)
        self.drafts = list[Draft]()
        self.cancelled: set[int] = set()
        self.refunded: set[int] = set()
        self.ticks = 0
        empty_tables()
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

    def buy(self, *, seats: int, stop_at: str = "") -> None:
        """A customer orders a print and some seats, and pays."""
        self.drafts.append(a_draft(seats))
        self.click(len(self.drafts) - 1, stop_at=stop_at)

    def click(self, number: int, *, stop_at: str = "") -> None:
        """The form is sent, for the first time or again."""
        if not self.drafts:
            return
        draft = self.drafts[number % len(self.drafts)]
        web = Process("web", self.crew.on_step)
        self.crew.webs.append(web)
        self.crew.work(web, lambda: check_out(draft=draft, method="pm"), stop_at=stop_at)
        self.crew.send_home(web)

    def close_order(self, number: int, *, refund: bool) -> None:
        """Staff call an order off, or give its money back."""
        order = self._order(number)
        if order is None:
            return
        decide = services.request_refund if refund else services.cancel_order
        try:
            decide(order_id=order.pk, by="eva", reason="asked")
        except NotAllowed:
            return
        (self.refunded if refund else self.cancelled).add(order.pk)

    def tick(self, number: int, *, stop_at: str = "") -> None:
        """One pass of a relay."""
        process, relay = self.crew.relays[number]
        if process.stands_at:
            return
        self.crew.work(process, relay._guarded, stop_at=stop_at)
        self.crew.witness.look_at(self.crew.standing)

    def beat(self) -> None:
        """A minute is over, for whoever looks after payments that nobody settled."""
        self.ticks += 1
        due = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=self.ticks)
        write_tick(name="stale", task="shop.settle_stale_payments", kwargs={}, due=due)

    def deliver(self, number: int, *, stop_at: str = "") -> None:
        """A worker receives a message that waits."""
        waiting = self.broker.waiting
        if waiting and self.crew.idle_child():
            self._receive(waiting.pop(number % len(waiting)), stop_at)

    def redeliver(self, number: int, *, stop_at: str = "") -> None:
        """A worker receives a message that was there before, however long ago."""
        if self.broker.seen:
            self._receive(self.broker.seen[number % len(self.broker.seen)], stop_at)

    def go_on(self, number: int, *, reconnect: bool) -> None:
        """Somebody who was stopped goes on, perhaps in a session that is not the one they had."""
        standing = self.crew.standing
        if standing:
            process = standing[number % len(standing)]
            self.crew.go_on(process, reconnect=reconnect and process.lost_session)

    def kill(self, number: int, *, whole_worker: bool) -> None:
        """Somebody who was stopped dies, perhaps with all of the worker."""
        standing = self.crew.standing
        if standing:
            process = standing[number % len(standing)]
            is_child = process.name[0].isdigit()
            (self.crew.kill_worker if whole_worker and is_child else self.crew.kill)(process)

    def kill_relay(self, number: int) -> None:
        """If it was stopped."""
        process, _ = self.crew.relays[number]
        if process.stands_at:
            self.crew.kill(process)

    def move_clock(self, seconds: int) -> None:
        """Ahead, or back."""
        self.clock.move(seconds)
        self.broker.move(seconds)

    def see_to_dead_letter(self, number: int, *, discard: bool) -> None:
        """A person replays it, or gives it up."""
        dead = list(Job.objects.filter(state="dead").order_by("id").values_list("pk", flat=True))
        if dead and discard:
            chosen = [dead[number % len(dead)]]
            dead_letters.discard_jobs(chosen, by="eva", reason="not worth it")
        elif dead:
            dead_letters.replay_jobs([dead[number % len(dead)]], by="eva")

    def _receive(self, message: Message, stop_at: str) -> None:
        child = self.crew.idle_child()
        if child:
            self.crew.work(child, message.handle, stop_at=stop_at, job=message.job)

    def _order(self, number: int) -> Order | None:
        orders = Order.objects.order_by("id")
        count = orders.count()
        return orders[number % count] if count else None
