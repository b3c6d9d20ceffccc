"""What the customer sees happening after the payment, read from the ledger. Changes nothing."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from deferral.external.breakers import open_breakers
from deferral.ledger.selectors import one_look, with_failure_kind
from deferral.ledger.serving import unserved_queues
from deferral.models import Breaker, Event, Job
from deferral.registry import queues
from orders.models import Order, PaymentAttempt, Return
from orders.payments.pursuing import deadline
from orders.payments.refunds.sums import Back, back_of, void_pieces
from orders.selectors import refunds_of, returns_of
from orders.summaries import FIELDS, kept_jobs
from shop.notes import DEAD, DONE
from shop.parcels import NOTHING, Parcels, parcels_of
from shop.refund_steps import SLUG as REFUND
from shop.refund_steps import with_refunds
from shop.return_steps import return_steps
from shop.steps import Moment, Step, payment_step, steps_of
from shop.wording import DEAD_END, PAUSED, WHILE_OPEN

# A page whose steps move asks each second; one that waits for a person, now and then.
BRISK, SLOW = "1s", "15s"


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Every step of one order.

    `back`: what of it went back, or is about to.
    `preparing`: what follows the payment is not written down yet; `unattended`: nobody is there to;
    `held_up`: what is said when it could not be, and a person has to see to it. Else empty.
    `at_bank`: the customer has to answer there, or may use another card. `until` then, or while a
    failed payment can be tried again, the goods are kept.
    `parcels`: what of it is carried, and where that is.
    """

    state: str
    steps: tuple[Step, ...]
    preparing: bool
    back: Back = field(default_factory=Back)
    unattended: bool = False
    held_up: str = ""
    at_bank: bool = False
    until: datetime | None = None
    parcels: Parcels = NOTHING

    @property
    def done(self) -> int:
        """How many steps are behind us."""
        return sum(step.state == DONE for step in self.steps)

    @property
    def behind(self) -> str:
        """The same with the finished parts of the others, for the bar: `4.41`. While a hundred
        tickets are written, it moves with each.
        """
        return f"{sum(1 if step.state == DONE else step.share for step in self.steps):.2f}"

    @property
    def finished(self) -> bool:
        """Nothing on the page will change by itself any more."""
        if self.state == Order.State.PAYMENT_FAILED and len(self.steps) == 1:
            return not self.preparing
        return not self.preparing and self.done == len(self.steps)

    @property
    def is_watched(self) -> bool:
        """Whether the page looks again: something may change, be it days after all is done here."""
        return not self.finished or self.parcels.awaited

    @property
    def moves(self) -> bool:
        """Something on the page changes by itself; else it is done, or waits for a person."""
        open_ = {step.state for step in self.steps if not step.takes_days} - {DONE, DEAD}
        return not self.finished and bool(open_ or (self.preparing and not self.held_up))

    @property
    def is_money_held_up(self) -> bool:
        """Money that should go back does not, until one of us has decided about it."""
        return any(step.slug == REFUND and step.state == DEAD for step in self.steps)

    @property
    def every(self) -> str:
        """How often to look again, as htmx writes it."""
        return BRISK if self.moves else SLOW

    @property
    def version(self) -> str:
        """Equal while the page would look the same. It begins with the order's state.

        Seconds that go by are counted on the page itself.
        """
        steps = [step.without_the_clock for step in self.steps]
        held_up = (self.held_up, self.until)
        what = (steps, self.back, self.preparing, self.unattended, held_up, self.parcels)
        shown = repr(what)
        return f"{self.state}_{hashlib.blake2s(shown.encode(), digest_size=6).hexdigest()}"


def order_progress(order: Order) -> Progress:
    """Where the order stands now. Nine small queries, however many tickets it has, and three more
    once something of it is carried.
    """
    attempt = order.payments.last()
    mine = with_failure_kind(Job.objects.filter(subject=order.subject).only(*FIELDS))
    living, events = one_look(mine, order.subject)
    jobs = list((kept_jobs(order) | {job.key: job for job in living}).values())
    preparing = bool(events)
    waits = preparing or any(job.state not in Job.SETTLED for job in jobs)
    unserved = unserved_queues() if waits else set()
    silent = silent_services() if waits else {}
    back = back_of(order.pk)
    void = frozenset(void_pieces(order, back)) if back.lines or back.is_all else frozenset()
    moment = Moment(now=timezone.now(), unserved=unserved, silent=silent, void=void)
    refunds = list(refunds_of(order.pk))
    following = with_refunds(steps_of(order, jobs, moment), refunds)
    returned = return_steps(returns_of(order.pk).exclude(state=Return.State.WITHDRAWN), refunds)
    return Progress(
        state=order.state,
        steps=(payment_step(order, attempt), *following, *returned),
        preparing=preparing,
        back=back,
        unattended=preparing and unserved.issuperset(queues()),
        held_up=DEAD_END if Event.State.DEAD in events else "",
        at_bank=is_at_bank(attempt),
        until=kept_until(order, attempt),
        parcels=parcels_of(order, back),
    )


def is_at_bank(attempt: PaymentAttempt | None) -> bool:
    """Whether the customer has been asked there, and nobody knows the answer yet."""
    return attempt is not None and attempt.state == PaymentAttempt.State.AT_BANK


def kept_until(order: Order, attempt: PaymentAttempt | None) -> datetime | None:
    """How long the goods are kept for somebody who has to do something about the payment."""
    if attempt is not None and is_at_bank(attempt):
        return deadline(attempt)
    return order.kept_until if order.can_pay_again else None


def silent_services() -> dict[str, str]:
    """Services whose breaker is open, and what is so of each: since when, in customers' time."""
    return {name: status_of(row) for name, row in open_breakers().items()}


def status_of(row: Breaker) -> str:
    """`has not answered since 14:00`; no reason is given for what staff decided."""
    if row.override or row.failing_since is None:
        return PAUSED
    since = f"{timezone.localtime(row.failing_since):%H:%M}"
    return WHILE_OPEN.get(row.failure_kind, PAUSED).format(since=since)
