"""What an order owes the world: each effect, and in whose journal it stands exactly once.

The one list, for whoever judges a system by its receivers: failures and sweep, chaos, machine,
benchmark. `test_owed_effects` fails when a handler starts a job of which nothing is said here.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Owed(NamedTuple):
    """`effect`, in the receiver's words. `jobs`: how their keys begin, of whoever brings it about.

    The first is started by what happened, the others lie on the way from there or to there. A
    person who gave one of them up has explained why the effect is missing.
    """

    receiver: str
    effect: str
    jobs: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[str, str]:
        """As a journal has it."""
        return self.receiver, self.effect


CHARGE = Owed("payment", "charge")
# A supplier hears of an order that holds something of its own.
RESERVED = {
    "print_room": Owed("print-room", "reservation", ("reserve_print_room:",)),
    "warehouse": Owed("warehouse", "reservation", ("reserve_warehouse:",)),
    "box_office": Owed("box-office", "reservation", ("reserve_box_office:",)),
}
PAID = (
    Owed("partner", "order.completed", ("partner:order.completed:",)),
    Owed("analytics", "order_paid", ("analytics:",)),
    Owed("crm", "contact", ("crm:",)),
    Owed("audit-archive", "order_paid", ("audit:order_paid:", "audit_filed:")),
    Owed("mail", "Your order", ("order_confirmation:",)),
)
CANCELLED = (
    Owed("partner", "order.cancelled", ("partner:order.cancelled:",)),
    Owed("audit-archive", "order_cancelled", ("audit:order_cancelled:", "audit_filed:")),
    Owed("mail", "Your order is cancelled", ("cancellation:",)),
)
# Of a refund that was only asked for, goods go back when the money has: `refund:` explains too.
RELEASED = {
    "print_room": Owed("print-room", "release", ("release_print_room:", "refund:")),
    "warehouse": Owed("warehouse", "release", ("release_warehouse:", "refund:")),
    "box_office": Owed("box-office", "release", ("release_box_office:", "refund:")),
}
REFUNDED = (
    Owed("partner", "order.refunded", ("partner:order.refunded:", "refund:")),
    Owed("audit-archive", "order_refunded", ("audit:order_refunded:", "audit_filed:", "refund:")),
)
# Where the whole sum went back at once. A part is told apart by its amount.
MONEY_BACK = Owed("payment", "refund", ("refund:",))
REFUND_MAIL = Owed("mail", "Your refund for order", ("refund_mail:",))
# Jobs whose effect stands in our own tables alone: documents and stock.
OURS = ("receipt:", "ticket:", "release_stock:")


def when_paid(*suppliers: str, charged: bool = True) -> list[Owed]:
    """What follows a payment. `charged`: with a card."""
    reserved = [RESERVED[supplier] for supplier in suppliers]
    return [*[CHARGE] * charged, *reserved, *PAID]


def when_given_back(*suppliers: str) -> list[Owed]:
    """What a refund of all brings about beside the money itself."""
    return [*(RELEASED[supplier] for supplier in suppliers), *REFUNDED]


def once_each(owed: Iterable[Owed]) -> dict[tuple[str, str], int]:
    """As `journals.accepted` counts."""
    return {effect.name: 1 for effect in owed}
