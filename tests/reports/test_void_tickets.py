"""A ticket whose money goes back opens no door, and is in nobody's hands any more."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from deferral.errors import NotAllowed
from deferral.handlers import job
from orders.models import Order, Refund
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from orders.payments.refunds.recording import mark_refund_refused
from reports import tasks
from reports.models import Ticket
from reports.services import let_in, part_of
from tests.reports.paid_orders import Run, opened

EVERY = (1, 2, 3)


@pytest.fixture
def order(order: Order) -> Order:
    """With the money that was paid for it."""
    order.payments.create(state="captured", amount_cents=order.total_cents)
    return order


@pytest.fixture
def tickets(order: Order, run: Run) -> dict[int, Ticket]:
    """Written, by their numbers."""
    [line] = order.lines.all()
    for number in EVERY:
        key = f"ticket:{order.reference}:{line.pk}:{number}"
        run(job(tasks.write_ticket, key=key, line_id=line.pk, position=number))
    return {ticket.position: ticket for ticket in Ticket.objects.all()}


def give_back(order: Order, *numbers: int, **terms: Any) -> Refund:
    """Staff decide that the money for these seats goes back."""
    [line] = order.lines.all()
    chosen = Chosen(line_id=line.pk, quantity=len(numbers), pieces=numbers)
    cents = line.unit_cents * len(numbers)
    who = {"by": "staff", "reason": "ill"}
    request_refund(order_id=order.pk, cents=cents, lines=[chosen], **(who | terms))
    return Refund.objects.latest("id")


def verdict(client: Client, ticket: Ticket, *, post: bool = False) -> tuple[int, str]:
    """What its page says, or the door."""
    address = reverse("reports:ticket", args=[ticket.code])
    answer = client.post(address) if post else client.get(address)
    return answer.status_code, str(answer.context["validity"])


def test_a_refunded_ticket_opens_no_door(
    admin_client: Client, order: Order, tickets: dict[int, Ticket]
) -> None:
    give_back(order, 2)

    assert verdict(admin_client, tickets[2]) == (200, "refunded")
    assert verdict(admin_client, tickets[2], post=True) == (409, "refunded")
    assert verdict(admin_client, tickets[1], post=True) == (200, "admitted")
    assert list(Ticket.objects.filter(used_at=None).values_list("position", flat=True)) == [2, 3]


def test_its_page_says_void_and_offers_nothing(
    admin_client: Client, order: Order, tickets: dict[int, Ticket]
) -> None:
    give_back(order, 2)
    page = admin_client.get(reverse("reports:ticket", args=[tickets[2].code])).content.decode()

    assert "Void: refunded" in page
    assert "Let in" not in page


def test_a_ticket_is_valid_again_when_the_refund_is_refused(
    admin_client: Client, order: Order, tickets: dict[int, Ticket]
) -> None:
    refund = give_back(order, 2)
    mark_refund_refused(refund_id=refund.pk, refusal="no")

    assert verdict(admin_client, tickets[2], post=True) == (200, "admitted")


def test_with_all_the_money_every_ticket_is_void(
    admin_client: Client, order: Order, tickets: dict[int, Ticket]
) -> None:
    request_refund(order_id=order.pk, by="staff", reason="no wind")

    assert {verdict(admin_client, one)[1] for one in tickets.values()} == {"refunded"}


def test_the_money_for_a_used_ticket_needs_another_word(
    order: Order, tickets: dict[int, Ticket]
) -> None:
    Ticket.objects.filter(position=2).update(used_at=timezone.now())
    with pytest.raises(NotAllowed, match="Ticket 2 was used"):
        give_back(order, 2)

    give_back(order, 1)
    give_back(order, 2, although_used=True)


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_the_money_and_enters(order: Order) -> None:
    """The door and the admin at the same moment, many times: one of them, never both."""
    [line] = order.lines.all()
    steward = User.objects.create(email="steward@example.org")

    def door(ticket: Ticket) -> bool:
        try:
            return let_in(ticket_id=ticket.pk, by=steward.pk)
        finally:
            connection.close()

    def staff(ticket: Ticket) -> bool:
        try:
            give_back(order, ticket.position)
        except NotAllowed:
            return False
        finally:
            connection.close()
        return True

    order.lines.update(quantity=30)
    order.payments.update(amount_cents=10**6)
    for number in range(1, 13):
        ticket = Ticket.objects.create(line=line, position=number, code=f"{number}", holder="Z")
        with ThreadPoolExecutor(2) as both:
            entered, refunded = both.submit(door, ticket), both.submit(staff, ticket)
        assert entered.result() != refunded.result()


def test_the_file_of_all_tickets_leaves_void_ones_out(
    client: Client, order: Order, tickets: dict[int, Ticket]
) -> None:
    give_back(order, 2)
    address = f"/orders/{order.number}/documents/ticket/"
    whole = opened(client.get(address, {"token": order.link_token}).getvalue())

    assert len(whole.pages) == 2
    give_back(order, 1, 3)
    assert client.get(address, {"token": order.link_token}).status_code == 404


def test_the_admin_says_which_are_void(
    admin_client: Client, order: Order, tickets: dict[int, Ticket]
) -> None:
    give_back(order, 2)
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    ticket = admin_client.get(f"/admin/reports/ticket/{tickets[2].pk}/change/").content.decode()

    assert "Ticket 2 of 3: Winter Concert (void)" in page
    assert page.count("(void)") == 1
    assert "void: refunded" in ticket


def test_the_audit_says_what_for(order: Order) -> None:
    refund = give_back(order, 2)

    assert part_of(order, "refund", refund.pk)["detail"] == {
        "refunded_cents": 2_450,
        "currency": "eur",
        "lines": [{"sku": "TICKET-1", "quantity": 1, "pieces": [2]}],
    }
