"""The page behind a ticket's QR code, and the door."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from orders.models import Order
from reports.models import Ticket
from reports.services import let_in
from reports.ticket_codes import code_of
from tests.reports.paid_orders import a_line, saved


@pytest.fixture
def ticket(order: Order) -> Ticket:
    line = order.lines.get()
    code = code_of(reference=line.order.reference, line_id=line.pk, position=2)
    return Ticket.objects.create(line=line, position=2, code=code, holder=order.name)


@pytest.fixture
def page(ticket: Ticket) -> str:
    return reverse("reports:ticket", args=[ticket.code])


def verdict(answer: Any) -> str:
    return str(answer.context["validity"])


def test_a_ticket_that_was_paid_is_valid(client: Client, page: str) -> None:
    answer = client.get(page)

    assert (answer.status_code, verdict(answer)) == (200, "valid")
    assert b"Winter Concert" in answer.content


def test_a_code_may_be_typed_carelessly(client: Client, ticket: Ticket) -> None:
    careless = ticket.code.lower().replace("-", " ")

    assert client.get(f"/tickets/{careless}/").status_code == 200


def test_an_unknown_code_is_called_unknown(client: Client, db: None) -> None:
    answer = client.get("/tickets/0000-0000-0000-0000-0000/")

    assert (answer.status_code, verdict(answer)) == (404, "unknown")
    assert b"Unknown" in answer.content


@pytest.mark.parametrize("state", [Order.State.REFUNDED, Order.State.CANCELLED])
def test_a_ticket_is_void_with_its_order(
    admin_client: Client, page: str, order: Order, state: str
) -> None:
    Order.objects.update(state=state)

    assert verdict(admin_client.get(page)) == "void"
    assert verdict(admin_client.post(page)) == "void"
    assert Ticket.objects.get().used_at is None


def test_an_outsider_with_the_code_sees_initials_only(
    client: Client, page: str, order: Order
) -> None:
    shown = client.get(page).content.decode()

    assert "Z. M." in shown
    assert order.name not in shown
    assert order.email not in shown


def test_staff_let_a_holder_in_once(admin_client: Client, page: str) -> None:
    assert b"Let in" in admin_client.get(page).content
    assert verdict(admin_client.post(page)) == "admitted"

    again = admin_client.post(page)
    assert (again.status_code, verdict(again)) == (409, "used")
    assert b"Let in" not in again.content


def test_the_holder_cannot_let_himself_in(client: Client, page: str) -> None:
    assert b"Let in" not in client.get(page).content
    assert client.post(page).status_code == 403
    assert Ticket.objects.get().used_at is None


def test_the_address_of_a_ticket_is_not_passed_on(client: Client, page: str) -> None:
    answer = client.get(page)

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db(transaction=True)
def test_of_eight_doors_at_once_one_lets_in() -> None:
    line = saved(a_line()).lines.get()
    ticket = Ticket.objects.create(line=line, position=1, code="X", holder="Zoë")
    steward = User.objects.create(email="steward@example.org")

    def door(_: int) -> bool:
        try:
            return let_in(ticket_id=ticket.pk, by=steward.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as doors:
        assert sorted(doors.map(door, range(8))) == [False] * 7 + [True]
    assert LogEntry.objects.get().user == steward
