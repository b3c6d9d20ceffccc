"""Mails about an order of which a part goes back: they say it, and carry no ticket that is void."""

from typing import Any

import pytest

from notifications import messages, services
from orders.models import Order, Refund
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from orders.selectors import order_by_id
from reports.document_keys import ticket_key
from reports.filing import file_document
from reports.models import Ticket
from reports.services import remember_ticket
from tests.orders.buying import stands

pytestmark = pytest.mark.usefixtures("outside_a_job", "receipt")


@pytest.fixture
def order(order: Order) -> Order:
    """With the money that was paid for it, and both tickets written."""
    order.payments.create(state="captured", amount_cents=order.total_cents)
    line = order.lines.get(kind="ticket")
    for number in (1, 2):
        key = ticket_key(order.reference, line.pk, number)
        filed = file_document(f"%PDF ticket {number}".encode(), key=key)
        remember_ticket(line, position=number, code=f"{number}", key=key, filed=filed)
    return order


def give_back(order: Order, *numbers: int) -> Refund:
    """Staff decide that the money for these seats goes back."""
    line = order.lines.get(kind="ticket")
    chosen = Chosen(line_id=line.pk, quantity=len(numbers), pieces=numbers)
    cents = line.unit_cents * len(numbers)
    request_refund(order_id=order.pk, cents=cents, lines=[chosen], by="staff", reason="ill")
    return Refund.objects.latest("id")


def names(mail: Any) -> list[str]:
    """What is attached."""
    return [name for name, *_ in mail.attachments]


def test_the_confirmation_carries_no_void_ticket(order: Order, mailoutbox: list[Any]) -> None:
    give_back(order, 2)
    services.send_confirmation(order_id=order.pk, key="order_confirmation:resend-1")

    [mail] = mailoutbox
    [ticket] = [name for name in names(mail) if "ticket" in name]
    assert ticket.endswith("-1.pdf")
    assert "On its way back to you  €24.50" in mail.body
    assert "are no longer valid, and are not in this mail." in mail.body
    assert "could not be made" not in mail.body


def test_the_confirmation_says_what_went_back(order: Order, mailoutbox: list[Any]) -> None:
    stands(give_back(order, 2))
    services.send_confirmation(order_id=order.pk, key="order_confirmation:resend-1")

    assert "Refunded  €24.50" in mailoutbox[0].body
    assert "Refunded" in mailoutbox[0].alternatives[0][0]


def test_a_void_ticket_that_was_late_does_not_follow(order: Order, mailoutbox: list[Any]) -> None:
    give_back(order, 2)
    line = order.lines.get(kind="ticket")
    for number in (1, 2):
        document = ticket_key(order.reference, line.pk, number)
        services.send_late_document(order_id=order.pk, document=document, key=f"late:{number}")

    assert [name for mail in mailoutbox for name in names(mail)] == [
        Ticket.objects.get(position=1).document.filename  # type: ignore[union-attr]
    ]


def test_a_void_ticket_that_was_never_written_is_not_missed(
    order: Order, mailoutbox: list[Any]
) -> None:
    give_back(order, 2)
    ticket = Ticket.objects.get(position=2)
    ticket.delete()
    services.send_confirmation(order_id=order.pk, key="order_confirmation:resend-1")

    assert "could not be made" not in mailoutbox[0].body


def test_the_mail_of_a_refund_names_what_it_is_for(order: Order) -> None:
    refund = stands(give_back(order, 1, 2))
    mail = messages.refund(order_by_id(order.pk), refund, key="r")

    for body in (mail.text, mail.html):
        assert "2 x Winter Concert (ticket 1, 2)" in body
        assert "no longer valid" in body


def test_a_cancellation_promises_what_is_left(order: Order) -> None:
    stands(give_back(order, 2))
    order = order_by_id(order.pk)

    mail = messages.cancellation(order, key="c")
    assert f"€{(order.total_cents - 2_450) / 100:.2f} will go back" in mail.text


def test_no_mail_about_goods_alone_says_anything_of_tickets(
    order: Order, mailoutbox: list[Any]
) -> None:
    line = order.lines.get(kind="download")
    order.lines.filter(pk=line.pk).update(kind="home")  # as if it were a mug
    chosen = Chosen(line_id=line.pk, quantity=1, pieces=())
    request_refund(order_id=order.pk, cents=100, lines=[chosen], by="staff", reason="torn")
    refund = stands(Refund.objects.latest("id"))
    services.send_confirmation(order_id=order.pk, key="order_confirmation:resend-1")
    told = messages.refund(order_by_id(order.pk), refund, key="r")

    assert line.title in told.text
    for body in (told.text, told.html, mailoutbox[0].body, mailoutbox[0].alternatives[0][0]):
        assert "no longer valid" not in body
