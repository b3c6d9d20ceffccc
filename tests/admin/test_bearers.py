"""What opens something for whoever holds it: for the roles that hand it out, and for no reader."""

import pytest
from django.test import Client

from notifications.models import SentMail
from orders.models import Order
from reports.models import Document, Ticket
from tests.config.test_roles import LISTS, somebody
from tests.orders.buying import paid
from tests.reports.paid_orders import a_line, saved

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]
CODE = "7KQ2-M9XV-0001"


@pytest.fixture
def order() -> Order:
    """A seat, with its ticket written, and the mail that was sent about it."""
    order = saved(a_line(quantity=1))
    written = Document.objects.create(
        order=order, key="ticket:1", kind="ticket", title="Seat", filename="ticket.pdf", size=1
    )
    Ticket.objects.create(
        line=order.lines.get(), position=1, code=CODE, holder="Ada", document=written
    )
    link = f"https://shop.example/orders/{order.number}/?token={order.link_token}"
    SentMail.objects.create(
        key="k", about=order.subject, to=order.email, subject="s", text=link, html=f"<a>{link}</a>"
    )
    return order


def pages(order: Order) -> list[str]:
    """Every list, and every page about this order."""
    ticket, mail, document = Ticket.objects.get(), SentMail.objects.get(), Document.objects.get()
    about = [
        f"orders/order/{order.pk}",
        f"reports/ticket/{ticket.pk}",
        f"reports/document/{document.pk}",
        f"notifications/sentmail/{mail.pk}",
    ]
    ends = ("change", "history")
    mine = [f"/admin/{one}/{end}/" for one in about for end in ends]
    html = f"/admin/notifications/sentmail/{mail.pk}/html/"
    return [*(f"/admin/{one}/" for one in LISTS), *mine, html]


def seen(who: Client, order: Order, secret: str) -> list[str]:
    return [page for page in pages(order) if secret in who.get(page).content.decode()]


def test_a_reader_sees_no_link_no_code_and_no_ticket(order: Order) -> None:
    reader = somebody("reader")

    assert seen(reader, order, order.link_token) == []
    assert seen(reader, order, CODE) == []
    assert seen(reader, order, f"/orders/{order.number}/documents/") == []
    for file in ("ticket:1", "ticket"):
        assert reader.get(f"/orders/{order.number}/documents/{file}/").status_code == 404
    assert b"token=[hidden]" in reader.get(pages(order)[-1]).content
    assert "7KQ2\N{BULLET}" in reader.get("/admin/reports/ticket/").content.decode()


def test_support_has_the_link_and_the_codes_to_hand_them_out(order: Order) -> None:
    support = somebody("support")

    assert len(seen(support, order, order.link_token)) == 3
    assert CODE in support.get("/admin/reports/ticket/").content.decode()
    assert len(seen(support, order, f"/orders/{order.number}/documents/ticket")) == 5


def test_an_operator_stands_at_the_door_and_has_no_customers_link(order: Order) -> None:
    operator = somebody("operator")

    assert seen(operator, order, order.link_token) == []
    assert CODE in operator.get("/admin/reports/ticket/").content.decode()


def test_a_reader_opens_receipts_all_the_same() -> None:
    order = paid()
    document = Document.objects.create(
        order=order, key="receipt:1", kind="receipt", title="R", filename="receipt.pdf", size=1
    )
    page = somebody("reader").get(f"/admin/reports/document/{document.pk}/change/")

    assert f'href="/orders/{order.number}/documents/receipt:1/"' in page.content.decode()
