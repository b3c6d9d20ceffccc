"""Who gets to see a document, and how it is handed out."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from deferral.handlers import job
from orders.models import Order
from reports import tasks
from reports.models import Document
from tests.deferral.staff import sitting
from tests.reports.paid_orders import Run, a_line, opened, saved
from tests.shop.buying import own


@pytest.fixture
def address(order: Order, run: Run) -> str:
    key = f"receipt:{order.reference}"
    run(job(tasks.write_receipt, key=key, order_id=order.pk))
    return reverse("reports:document", args=[order.number, key])


def status(answer: Any) -> int:
    """Its status, once it was read to the end as a browser does: that closes the file."""
    answer.getvalue()
    return int(answer.status_code)


def test_staff_who_see_documents_get_every_one(address: str) -> None:
    assert sitting("view_document").get(address).getvalue().startswith(b"%PDF")


@pytest.mark.parametrize("permissions", [(), ("view_order", "view_ticket")])
def test_staff_who_do_not_see_documents_get_none(
    address: str, all_tickets: str, permissions: tuple[str, ...]
) -> None:
    somebody = sitting(*permissions)

    assert somebody.get(address).status_code == 404
    assert somebody.get(all_tickets).status_code == 404


def test_a_customer_with_the_permission_is_no_staff(address: str) -> None:
    somebody = sitting("view_document")
    User.objects.update(is_staff=False)

    assert somebody.get(address).status_code == 404


def test_the_session_that_ordered_gets_it(client: Client, address: str, order: Order) -> None:
    assert status(own(client, order).get(address)) == 200


def test_the_link_of_the_order_opens_it(client: Client, address: str, order: Order) -> None:
    assert status(client.get(address, {"token": order.link_token})) == 200


@pytest.mark.parametrize("token", ["", "wrong", "ünïcode", None])
def test_nobody_else_hears_that_it_exists(client: Client, address: str, token: str | None) -> None:
    own(client, saved(a_line()))

    assert client.get(address, {} if token is None else {"token": token}).status_code == 404


def test_the_link_of_another_order_does_not_open_it(client: Client, address: str) -> None:
    other = saved(a_line())

    assert client.get(address, {"token": other.link_token}).status_code == 404


def test_a_key_is_looked_for_in_its_own_order_only(
    admin_client: Client, address: str, order: Order
) -> None:
    other = saved(a_line())
    elsewhere = reverse("reports:document", args=[other.number, f"receipt:{order.reference}"])

    assert admin_client.get(elsewhere).status_code == 404


def test_it_opens_in_the_browser_and_stays_in_no_cache(
    admin_client: Client, address: str, order: Order
) -> None:
    answer = admin_client.get(address)
    size = len(answer.getvalue())

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="Halyard-{order.number}-receipt.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert int(answer["Content-Length"]) == size


@pytest.fixture
def all_tickets(order: Order, run: Run) -> str:
    """Where three tickets are one file, the last of them written first."""
    [line] = order.lines.all()
    for position in (3, 1, 2):
        key = f"ticket:{line.order.reference}:{line.pk}:{position}"
        run(job(tasks.write_ticket, key=key, line_id=line.pk, position=position))
    return f"/orders/{order.number}/documents/ticket/"


def test_all_tickets_are_one_file_in_their_order(
    client: Client, all_tickets: str, order: Order
) -> None:
    answer = client.get(all_tickets, {"token": order.link_token})
    whole = opened(answer.getvalue())
    [line] = order.lines.all()
    keys = [f"ticket:{line.order.reference}:{line.pk}:{position}" for position in (1, 2, 3)]
    each = [opened(Document.objects.get(key=key).read()) for key in keys]

    assert answer["Content-Disposition"] == f'inline; filename="Halyard-{order.number}-tickets.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert [page.Contents.read_bytes() for page in whole.pages] == [
        one.pages[0].Contents.read_bytes() for one in each
    ]
    assert len(whole.pages) == 3


@pytest.mark.parametrize("token", ["", "wrong", "ünïcode"])
def test_nobody_else_gets_the_tickets(client: Client, all_tickets: str, token: str) -> None:
    assert client.get(all_tickets, {"token": token}).status_code == 404


def test_an_order_without_tickets_has_no_such_file(
    admin_client: Client, address: str, order: Order
) -> None:
    assert admin_client.get(f"/orders/{order.number}/documents/ticket/").status_code == 404


def test_a_lost_ticket_is_a_404_and_not_half_a_file(admin_client: Client, all_tickets: str) -> None:
    default_storage.delete(str(Document.objects.filter(kind="ticket").first().file.name))  # type: ignore[union-attr]

    assert admin_client.get(all_tickets).status_code == 404


def test_a_file_the_storage_has_lost_is_a_404_and_not_a_crash(
    admin_client: Client, address: str
) -> None:
    default_storage.delete(str(Document.objects.get().file.name))

    assert admin_client.get(address).status_code == 404
