"""What the customer sees happening after the payment, read from the ledger. Changes nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from deferral.models import Event, Job
from deferral.selectors import unserved_lanes
from orders.models import Order
from shop.steps import DONE, Step, payment_step, steps_of

# A page whose steps move asks each second; one that waits for a person, now and then.
BRISK, SLOW = "1s", "15s"
FIELDS = (
    "key",
    "task",
    "lane",
    "is_body",
    "state",
    "attempts",
    "next_at",
    "created_at",
    "settled_at",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Every step of one order. `preparing`: what follows the payment is not written down yet."""

    state: str
    steps: tuple[Step, ...]
    preparing: bool

    @property
    def done(self) -> int:
        """How many steps are behind us."""
        return sum(step.state == DONE for step in self.steps)

    @property
    def finished(self) -> bool:
        """Nothing on the page will change by itself any more."""
        if self.state == Order.State.PAYMENT_FAILED:
            return True
        return not self.preparing and self.done == len(self.steps)

    @property
    def every(self) -> str:
        """How often to look again, as htmx writes it."""
        open_ = {step.state for step in self.steps} - {DONE}
        return SLOW if open_ == {"dead"} and not self.preparing else BRISK

    @property
    def version(self) -> str:
        """Equal while the page would look the same."""
        shown = repr((self.state, self.steps, self.preparing))
        return hashlib.blake2s(shown.encode(), digest_size=6).hexdigest()


def order_progress(order: Order) -> Progress:
    """Where the order stands now. Four small queries, however many tickets it has."""
    now = timezone.now()
    attempt = order.payments.last()
    jobs = list(Job.objects.filter(subject=order.subject).only(*FIELDS))
    following = steps_of(order, jobs, unserved=unserved_for(jobs), now=now)
    return Progress(
        state=order.state,
        steps=(payment_step(order, attempt), *following),
        preparing=Event.objects.filter(subject=order.subject, state="pending").exists(),
    )


def unserved_for(jobs: Sequence[Job]) -> set[str]:
    """The lanes nobody works on; not asked when nothing waits."""
    open_ = any(job.state not in Job.SETTLED for job in jobs)
    return unserved_lanes() if open_ else set()
