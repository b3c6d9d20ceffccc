"""The page on which a customer sends something back, and what the order's page says of it."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from orders.models import Order, Return
from orders.payments.refunds.recording import mark_refund_refused
from orders.returns.arriving import Came, note_arrival
from orders.returns.deciding import approve_return, refuse_return
from shop.models import Product
from tests.orders.buying import refund_of, stands
from tests.orders.returning import state_of
from tests.shop.buying import own
from tests.shop.test_order_page import steps


@pytest.fixture
def page(paid_order: Order, link: str) -> str:
    """Its address, as the order's link opens it."""
    return f"/orders/{paid_order.number}/returns/{link}"


def said(order: Order, **changes: Any) -> dict[str, Any]:
    """The form as Ada fills it in: the print comes back."""
    facts = {"key": "6f1c0c9c-8f3a-4d53-9a55-0f6ce4a8a001", "reason": "changed_mind"}
    return {**facts, f"line_{order.lines.get(kind='print').pk}": 1, **changes}


def words_of(answer: Any) -> str:
    """Without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def asks(customer: Client, order: Order, page: str, **changes: Any) -> Return:
    """The form is sent, and taken."""
    assert customer.post(page, said(order, **changes)).status_code == 303
    return Return.objects.get()


def comes(found: Return) -> None:
    """Approved, and all of it here."""
    approve_return(return_id=found.pk, by="harbour", reason="")
    came = {one.pk: Came(arrived=one.quantity) for one in found.lines.all()}
    note_arrival(return_id=found.pk, by="harbour", reason="", came=came)


def test_it_is_asked_for_and_the_page_says_so(
    paid_order: Order, customer: Client, page: str, link: str
) -> None:
    found = asks(customer, paid_order, page, words="It hangs\ncrooked.")

    assert found.words == "It hangs\ncrooked."
    shown = words_of(customer.get(page))
    assert f"Return {found.name} asked for" in shown
    assert "We look at it, and tell you by e-mail" in shown
    order = customer.get(f"/orders/{paid_order.number}/{link}").content.decode()
    assert steps(order)[f"return-{found.tag}"] == "waiting"
    assert 'hx-trigger="every' in order


def test_the_button_pressed_twice_asks_once(paid_order: Order, customer: Client, page: str) -> None:
    for _ in range(2):
        asks(customer, paid_order, page)


def test_the_order_leads_there_while_something_can_come_back(
    paid_order: Order, customer: Client, link: str, settings: Settings
) -> None:
    address = f"/orders/{paid_order.number}/{link}"
    assert f'href="/orders/{paid_order.number}/returns/{link}">Send something back' in (
        customer.get(address).content.decode()
    )
    refund_of(paid_order)
    assert "Send something back" not in customer.get(address).content.decode()


def test_a_ticket_is_named_and_cannot_be_chosen(
    paid_order: Order, customer: Client, page: str
) -> None:
    seat = paid_order.lines.get(kind="ticket")
    shown = customer.get(page).content.decode()
    assert f"<strong>{seat.title}</strong>: It comes in no parcel" in shown
    assert f'name="line_{seat.pk}"' not in shown

    sent = {**said(paid_order), f"line_{seat.pk}": 1}
    customer.post(page, sent)
    assert [one.line.kind for one in Return.objects.get().lines.all()] == ["print"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": "other"}, "Say in a few words what is wrong"),
        ({"reason": "bored"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
        ({"key": ""}, "This field is required"),
        ({"words": "a" * 1_001}, "at most 1000 characters"),
        ({"words": "\n" * 70 + "x\n" * 70}, "At most 60 lines"),
    ],
)
def test_what_cannot_be_meant_is_asked_again(
    paid_order: Order, customer: Client, page: str, changes: dict[str, str], told: str
) -> None:
    answer = customer.post(page, said(paid_order, **changes))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "told"),
    [("2", "equal to 1"), ("-1", "equal to 0"), ("0", "Choose"), ("", "Choose")],
)
def test_how_many_is_asked_again(
    paid_order: Order, customer: Client, page: str, quantity: str, told: str
) -> None:
    line = paid_order.lines.get(kind="print")
    answer = customer.post(page, said(paid_order, **{f"line_{line.pk}": quantity}))

    assert (answer.status_code, Return.objects.count()) == (422, 0)
    assert told in answer.content.decode()


def test_another_form_for_the_same_is_told(paid_order: Order, customer: Client, page: str) -> None:
    asks(customer, paid_order, page)
    other = said(paid_order, key="6f1c0c9c-8f3a-4d53-9a55-0f6ce4a8a002")

    assert customer.post(page, other).status_code == 409
    assert Return.objects.count() == 1


def test_who_may_not_see_the_order_sees_no_return(paid_order: Order, customer: Client) -> None:
    address = f"/orders/{paid_order.number}/returns/"
    found = asks(own(Client(), paid_order), paid_order, address)
    for method, path in (("get", ""), ("post", ""), ("post", f"{found.tag}/withdraw/")):
        assert getattr(customer, method)(f"{address}{path}").status_code == 404

    assert state_of(found) == "asked"


def test_a_return_of_another_order_is_not_withdrawn_here(
    paid_order: Order, customer: Client, page: str, stocked: dict[str, Product]
) -> None:
    found = asks(customer, paid_order, page)
    Return.objects.update(order=Order.objects.create(
        number="H-99", fingerprint="", name="Bob", email="b@example.org",
        subtotal_cents=0, tax_cents=0, total_cents=0,
    ))  # fmt: skip
    answer = customer.post(page.replace("/returns/", f"/returns/{found.tag}/withdraw/"))

    assert (answer.status_code, state_of(found)) == (404, "asked")


def test_it_may_be_sent_and_where_to(
    paid_order: Order, customer: Client, page: str, settings: Settings
) -> None:
    settings.RETURN_ADDRESS = "Quay <3>, Harbour"
    found = asks(customer, paid_order, page)
    approve_return(return_id=found.pk, by="harbour", reason="Wrap it well.")

    shown = customer.get(page).content.decode()
    assert f"Write <strong>{found.name}</strong> on the parcel" in shown
    assert "Send it to Quay &lt;3&gt;, Harbour." in shown
    assert "Wrap it well." in shown


def test_it_is_withdrawn_and_asked_for_again(
    paid_order: Order, customer: Client, page: str
) -> None:
    found = asks(customer, paid_order, page)
    answer = customer.post(page.replace("/returns/", f"/returns/{found.tag}/withdraw/"))

    assert (answer.status_code, answer["Location"], state_of(found)) == (303, page, "withdrawn")
    other = said(paid_order, key="6f1c0c9c-8f3a-4d53-9a55-0f6ce4a8a002")
    assert customer.post(page, other).status_code == 303


def test_what_is_here_is_not_withdrawn(paid_order: Order, customer: Client, page: str) -> None:
    found = asks(customer, paid_order, page)
    comes(found)
    answer = customer.post(page.replace("/returns/", f"/returns/{found.tag}/withdraw/"))

    assert answer.status_code == 409
    assert "cannot be withdrawn any more" in answer.content.decode()


def test_a_refusal_is_read_with_its_reason(
    paid_order: Order, customer: Client, page: str, link: str
) -> None:
    found = asks(customer, paid_order, page)
    refuse_return(return_id=found.pk, by="harbour", reason="It was <worn> {0}.")

    for address in (page, f"/orders/{paid_order.number}/{link}"):
        assert "We do not take it back: It was &lt;worn&gt; {0}." in (
            customer.get(address).content.decode()
        )


def test_the_order_follows_it_to_the_money(
    paid_order: Order, customer: Client, page: str, link: str
) -> None:
    found = asks(customer, paid_order, page)
    comes(found)
    address, slug = f"/orders/{paid_order.number}/{link}", f"return-{found.tag}"
    shown = customer.get(address).content.decode()
    assert (steps(shown)[slug], "It has arrived here. Your money" in shown) == ("waiting", True)

    refund = found.refunds.get()
    stands(refund)
    shown = customer.get(address).content.decode()
    assert (steps(shown)[slug], "your money for it went back." in shown) == ("done", True)
    stands(refund, "failed")
    assert steps(customer.get(address).content.decode())[slug] == "dead"


def test_a_refund_that_failed_is_said_on_the_return(
    paid_order: Order, customer: Client, page: str
) -> None:
    found = asks(customer, paid_order, page)
    comes(found)
    mark_refund_refused(refund_id=found.refunds.get().pk, refusal="no")

    assert "your money for it has not gone back yet" in customer.get(page).content.decode()


def test_a_page_that_is_open_hears_of_it(
    paid_order: Order, customer: Client, page: str, link: str
) -> None:
    address = f"/orders/{paid_order.number}/steps/{link}"
    found = asks(customer, paid_order, page)
    [version] = re.findall(r"/steps/\?v=(\w+)", customer.get(address).content.decode())
    assert customer.get(f"{address}&v={version}").status_code == 204

    approve_return(return_id=found.pk, by="harbour", reason="")
    assert customer.get(f"{address}&v={version}").status_code == 200


def test_too_late_is_said(
    paid_order: Order, customer: Client, page: str, settings: Settings
) -> None:
    Order.objects.update(paid_at="2026-01-01T12:00:00Z")

    assert "could be sent back until 31 January 2026" in customer.get(page).content.decode()
    assert customer.post(page, said(paid_order)).status_code == 409


def test_who_asks_too_often_waits(
    paid_order: Order, customer: Client, page: str, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    answers = [customer.post(page, {}).status_code for _ in range(21)]

    assert answers[:20] == [422] * 20
    assert answers[20] == 429
