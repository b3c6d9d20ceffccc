"""Every charge of a time, as the provider has it in its book."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import structlog

from orders.payments.provider.answers import pages
from orders.payments.provider.gateway import client
from orders.payments.provider.reading import Answer

if TYPE_CHECKING:
    from stripe.params import ChargeListParams

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """Money that the provider took for us, and how much of it went back since.

    `is_disputed`: its bank has taken it back, or may yet.
    """

    ref: str
    order: str
    at: datetime
    amount_cents: int
    refunded_cents: int
    is_disputed: bool = False


def charges(*, since: datetime, until: datetime) -> Iterator[Charge]:
    """Everything that was captured in this time, however many. PaymentUnavailable."""
    made = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    for found in pages(_page, {"created": made}):
        if found.flag("paid") and found.name("payment_intent"):
            charge = _charge(found)
            if charge is None:
                log.error("charge_not_understood", ref=found.name("payment_intent"))
                continue
            yield charge


def _page(terms: dict[str, Any]) -> Any:
    return client().v1.charges.list(cast("ChargeListParams", terms))


def _charge(found: Answer) -> Charge | None:
    at, cents, back = found.moment("created"), found.cents("amount"), found.cents("amount_refunded")
    if at is None or cents is None or back is None:
        return None
    about = found.part("metadata")
    return Charge(
        ref=found.name("payment_intent"),
        order=about.text("number", 60) or about.text("order", 60),
        at=at,
        amount_cents=cents,
        refunded_cents=back,
        is_disputed=found.flag("disputed"),
    )
