"""What documents and the audit trail say on the customer's page of an order, and which documents
stand beside it in a list.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from orders.customer_page import STEP_WORDS, Words
from orders.models import Order
from orders.payments.refunds.sums import Back, void_pieces
from reports.models import Document
from reports.selectors import documents_of_all, seat_of
from shop.additions import ORDER_FILES, LineLink


def files(orders: Sequence[Order], backs: Mapping[int, Back]) -> Mapping[int, list[LineLink]]:
    """The receipt, and all tickets that are worth something as one file. One query."""
    written = documents_of_all([order.pk for order in orders])
    return {one.pk: list(_files(one, written.get(one.pk, []), backs[one.pk])) for one in orders}


def _files(order: Order, written: Sequence[Document], back: Back) -> Iterator[LineLink]:
    void = void_pieces(order, back)
    for one in written:
        if one.kind == Document.Kind.RECEIPT:
            address = reverse("reports:document", args=[order.number, one.key])
            yield LineLink(label="Receipt (PDF)", address=address)
    if any(seat not in void for seat in map(seat_of, written) if seat):
        yield LineLink(
            label="Tickets (PDF)", address=reverse("reports:tickets", args=[order.number])
        )


ORDER_FILES.fill("documents", files)

STEP_WORDS.fill(
    "reports.write_receipt",
    Words(
        doing="Writing your receipt.",
        missing="Your receipt is missing; once it is written, it follows by e-mail.",
        button="Receipt (PDF)",
    ),
)
STEP_WORDS.fill(
    "reports.write_ticket",
    Words(
        doing="Writing your tickets, one for each seat.",
        done="One for each seat.",
        missing="Your seats are yours, but tickets are missing; they follow by e-mail.",
        called_off="No longer valid.",
        button="Download tickets",
    ),
)
STEP_WORDS.fill("reports.record_audit", Words(doing="Writing it down.", done="Written down."))
