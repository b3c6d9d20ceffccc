"""What documents say on the customer's page of an order, and which documents stand beside it in a
list; what is kept of a person, and the way to have it.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from accounts.personal_data import PERSONAL_DATA
from orders.customer_page import STEP_WORDS, Words
from orders.models import Order
from orders.payments.refunds.sums import Back, void_pieces
from reports.models import Document
from reports.my_data.asking import latest
from reports.my_data.keeping import file_of
from reports.personal import PERSONAL
from reports.selectors import documents_of_all, seat_of
from shop.additions import ACCOUNT_SECTIONS, ORDER_FILES, LineLink, Section


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


def my_data(request: HttpRequest) -> Section:
    """Where one has it all as a file. One query, or two."""
    export = latest(request.user)
    context = {"export": export, "file": file_of(export)}
    return Section(template="reports/_my_data.html", context=context)


ORDER_FILES.fill("documents", files)
ACCOUNT_SECTIONS.fill("my data", my_data)
PERSONAL_DATA.fill("reports", PERSONAL)

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
