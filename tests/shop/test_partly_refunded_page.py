"""What a customer sees once a part of the money goes back."""

import re

import pytest
from django.test import Client

from deferral.models import Job
from orders import services
from orders.models import Order, Refund
from orders.payments.provider.settlements import Settlement
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from orders.payments.refunds.recording import mark_refund_refused
from shop.models import Product
from tests.orders.buying import stands
from tests.shop.buying import own, placed
from tests.shop.test_order_page import happens

Shop = dict[str, Product]
MINUS = "\N{MINUS SIGN}"
CAPTURED = Settlement(outcome="captured", ref="pi_1", card="Visa ending 4242")


@pytest.fixture
def order(stocked: Shop) -> Order:
    """Two seats and a download, paid."""
    order = placed((stocked["lantern-walk"], 2), (stocked["low-tide"], 1))
    return services.mark_paid(attempt_id=order.payments.get().pk, settlement=CAPTURED)


def give_back(order: Order, kind: str, *numbers: int) -> Refund:
    """Staff decide; the provider has not been asked."""
    line = order.lines.get(kind=kind)
    quantity = len(numbers) or line.quantity
    chosen = Chosen(line_id=line.pk, quantity=quantity, pieces=numbers)
    cents = line.unit_cents * quantity
    request_refund(order_id=order.pk, cents=cents, lines=[chosen], by="staff", reason="ill")
    return Refund.objects.latest("id")


def seen(order: Order) -> str:
    """The page's words, without its tags."""
    page = Client().get(f"/orders/{order.number}/?token={order.link_token}").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_says_what_is_coming_and_what_came_back(order: Order, stocked: Shop) -> None:
    each = f"€{stocked['lantern-walk'].price_cents / 100:.2f}"
    refund = give_back(order, "ticket", 2)
    page = seen(order)
    assert f"On its way back {MINUS}{each}" in page
    assert f"{each} is on its way back to the card it came from." in page
    assert "Money back for 1 of 2: ticket 2" in page

    stands(refund)
    page = seen(order)
    assert f"Refunded {MINUS}{each}" in page
    assert "On its way back" not in page
    assert "Paid" in page


def test_after_a_refund_that_was_refused_the_goods_are_theirs_and_the_money_is_seen_to(
    order: Order,
) -> None:
    before = seen(order)
    refund = give_back(order, "ticket", 2)
    mark_refund_refused(refund_id=refund.pk, refusal="no")
    page = seen(order)

    assert "has not gone back to your card yet." in page
    assert page.partition("Summary")[2] == before.partition("Summary")[2]
    assert "no longer valid" not in page


def test_a_page_that_is_open_hears_of_it(order: Order, customer: Client) -> None:
    address = f"/orders/{order.number}/steps/?token={order.link_token}"
    [version] = re.findall(r"/steps/\?v=(\w+)", customer.get(address).content.decode())
    give_back(order, "ticket", 2)

    assert customer.get(f"{address}&v={version}").status_code == 200


def test_a_refunded_ticket_is_not_offered(order: Order) -> None:
    line = order.lines.get(kind="ticket")
    for number in (1, 2):
        which = {"line_id": line.pk, "position": number}
        happens(order, "reports.write_ticket", f"ticket:{line.pk}:{number}", kwargs=which)
    give_back(order, "ticket", 2)
    page = Client().get(f"/orders/{order.number}/?token={order.link_token}").content.decode()
    links = re.findall(rf"/documents/{Job.objects.earliest('id').key[:6]}:[^/]*/", page)

    assert len(links) == 1
    assert "1 of 2 no longer valid: the money for it goes back." in page
    assert "Download tickets" in page
    give_back(order, "ticket", 1)
    assert "Download tickets" not in seen(order)


def test_a_refunded_download_is_gone(order: Order, customer: Client) -> None:
    address = f"/orders/{order.number}/downloads/{order.lines.get(kind='download').sku}/"
    token = {"token": order.link_token}
    assert customer.get(address, token).status_code == 200

    give_back(order, "download")

    answer = customer.get(address, token)
    assert answer.status_code == 404
    assert "The money for it was given back" in answer.content.decode()


def test_with_all_the_money_nothing_is_offered_any_more(order: Order) -> None:
    request_refund(order_id=order.pk, by="staff", reason="no wind")

    page = seen(order)
    assert "All you paid is on its way back to the card it came from." in page
    assert "Download Low Tide" not in page


def test_the_list_of_orders_says_it(order: Order, customer: Client) -> None:
    stands(give_back(order, "ticket", 2))

    page = own(customer, order).get("/orders/").content.decode()

    assert "partly refunded" in page
    assert re.search(r"€[\d.]+ refunded</span>", page)


def test_of_goods_alone_nothing_is_said_of_tickets(stocked: Shop) -> None:
    order = placed((stocked["slow-swell"], 2), (stocked["lantern-walk"], 1))
    order = services.mark_paid(attempt_id=order.payments.get().pk, settlement=CAPTURED)
    kind = stocked["slow-swell"].category
    chosen = Chosen(line_id=order.lines.get(kind=kind).pk, quantity=1, pieces=())
    request_refund(order_id=order.pk, cents=100, lines=[chosen], by="staff", reason="torn")
    coming = seen(order)
    stands(Refund.objects.get())

    for page in (coming, seen(order)):
        assert "card it came from." in page
        assert "no longer valid" not in page
    give_back(order, "ticket", 1)
    assert "Tickets and downloads that it is for are no longer valid." in seen(order)
