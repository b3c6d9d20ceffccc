"""The payment provider's refunds: made, and asked about. A refund is what its state says.

A 200 only says that there is one. It may be on its way for days, fail at once, or fail days after
it had succeeded: then the money is on our account again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from orders.models import Refund
from orders.payments.provider.answers import ask, pages, unreadable
from orders.payments.provider.gateway import client
from orders.payments.provider.reading import Answer

if TYPE_CHECKING:
    from stripe.params import RefundListParams

State = Refund.State
# What it is called there, and here. Whatever else it is called is not over yet.
STATES: Mapping[str, Refund.State] = {
    "succeeded": State.DONE,
    "failed": State.FAILED,
    "canceled": State.CANCELED,
    "pending": State.PENDING,
    "requires_action": State.PENDING,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """One refund as the provider has it. `cents` is None where it does not say how much.

    `key` is ours, where it was us. `why`: what it says of one that came to nothing.
    """

    ref: str
    payment: str
    key: str
    state: Refund.State
    cents: int | None
    why: str = ""

    @property
    def is_alive(self) -> bool:
        """Its money went back, or is about to."""
        return self.state in Refund.MOVING


def refund(*, key: str, ref: str, order: str, amount_cents: int) -> Returned:
    """Give money back, and read how that stands. PaymentUnavailable otherwise.

    Safe to repeat with its key, while that is remembered. The key stands in the provider's book
    too. Under one key all has to be the same.
    """
    about = {"order": order, "key": key}
    answer = ask(
        lambda: client().v1.refunds.create(
            {"payment_intent": ref, "amount": amount_cents, "metadata": about},
            {"idempotency_key": key},
        )
    )
    found = _returned(answer)
    if not answer.text("status") or (found.is_alive and not _fits(answer, ref, amount_cents)):
        raise unreadable("something else than was asked of it")
    return found


def refunds_of(ref: str) -> list[Returned]:
    """Every refund of a payment, the oldest first, whoever had it made. PaymentUnavailable."""
    return list(_listed({"payment_intent": ref}))[::-1]


def refunds_between(since: datetime, until: datetime) -> Iterator[Returned]:
    """Every refund that was made in this time. PaymentUnavailable."""
    made = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    return _listed({"created": made})


def _listed(terms: Mapping[str, Any]) -> Iterator[Returned]:
    for found in pages(_page, terms):
        yield _returned(found)


def _page(terms: dict[str, Any]) -> Any:
    return client().v1.refunds.list(cast("RefundListParams", terms))


def _returned(found: Answer) -> Returned:
    return Returned(
        ref=found.name("id"),
        payment=found.name("payment_intent"),
        key=found.part("metadata").text("key"),
        state=STATES.get(found.text("status"), State.PENDING),
        cents=found.cents("amount"),
        why=found.text("failure_reason").replace("_", " "),
    )


def _fits(answer: Answer, ref: str, cents: int) -> bool:
    """Whether it is about this money of this payment."""
    return answer.cents("amount") == cents and answer.name("payment_intent") == ref
