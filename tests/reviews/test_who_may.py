"""Who may write about what: what was paid for, is kept, and has begun."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Order
from orders.payments.refunds.choosing import Chosen
from orders.payments.refunds.decisions import request_refund
from shop.models import Product
from tests.reviews.reviewing import address, line_of, paid_for, refused, sends, shown, written
from tests.shop.buying import own, placed

pytestmark = pytest.mark.django_db
KEPT = "Only what was paid for"


def page(customer: Client, order: Order) -> str:
    return str(customer.get(f"/orders/{order.number}/?token={order.link_token}").content.decode())


def test_whoever_has_the_orders_page_may_and_nobody_else(order: Order, customer: Client) -> None:
    plain = address(order, token=False)
    for wrong in (plain, f"{plain}?token=x", f"/orders/H-1/review/{line_of(order).pk}/"):
        assert customer.get(wrong).status_code == customer.post(wrong).status_code == 404
    assert customer.get(address(order)).status_code == 200
    assert own(Client(), order).get(plain).status_code == 200


def test_a_line_of_another_order_is_not_there(order: Order, stocked: Any, customer: Client) -> None:
    other = paid_for((stocked["slow-swell"], 1))
    theirs = f"/orders/{order.number}/review/{line_of(other).pk}/?token={order.link_token}"

    assert customer.get(theirs).status_code == 404
    assert customer.post(theirs, {"do": "withdraw"}).status_code == 404


def test_the_orders_page_leads_there_for_what_can_be_reviewed(
    order: Order, customer: Client
) -> None:
    """The seat's evening has not begun."""
    found = page(customer, order)

    assert found.count("Write a review") == 1
    assert address(order) in found


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (lambda review: review, "Your review waits for us"),
        (shown, "Your review<"),
        (refused, "Your review was not taken"),
    ],
)
def test_the_orders_page_says_what_became_of_it(
    order: Order, customer: Client, decide: Any, words: str
) -> None:
    decide(written(order))

    assert words in page(customer, order)
    assert "Write a review" not in page(customer, order)


def test_a_seat_is_reviewed_once_its_evening_has_begun(stocked: Any, customer: Client) -> None:
    order = paid_for((stocked["lantern-walk"], 1))
    assert b"once the evening has begun" in customer.get(address(order)).content
    assert sends(customer, order).status_code == 409
    Product.objects.filter(slug="lantern-walk").update(event_at=timezone.now() - timedelta(hours=1))

    assert sends(customer, order).status_code == 302


@pytest.mark.parametrize("state", ["awaiting_payment", "payment_failed", "cancelled", "refunded"])
def test_of_an_order_that_is_not_paid_nothing_is_reviewed(
    order: Order, customer: Client, state: str
) -> None:
    Order.objects.update(state=state)

    assert "Write a review" not in page(customer, order)
    assert KEPT in customer.get(address(order)).content.decode()
    assert sends(customer, order).status_code == 409


def test_an_order_that_was_never_paid_costs_no_question(
    stocked: Any, customer: Client, django_assert_max_num_queries: Any
) -> None:
    order = placed((stocked["slow-swell"], 1))
    with django_assert_max_num_queries(40) as asked:
        page(customer, order)

    assert not [one for one in asked.captured_queries if "reviews_review" in one["sql"]]


def test_what_was_given_back_whole_is_not_reviewed_and_the_rest_is(
    stocked: Any, customer: Client
) -> None:
    order = paid_for((stocked["slow-swell"], 2), (stocked["lantern"], 1))
    line = line_of(order)
    for is_all_of_it in (False, True):
        one = Chosen(line_id=line.pk, quantity=1)
        request_refund(
            order_id=order.pk, by="harbour", reason="broken", cents=line.unit_cents, lines=[one]
        )
        assert (KEPT in customer.get(address(order)).content.decode()) is is_all_of_it


def test_what_was_written_before_a_refund_stays(order: Order, customer: Client) -> None:
    written(order)
    Order.objects.update(state="refunded")

    answer = customer.get(address(order))
    assert b"It smells of the sea." in answer.content
    assert b"Withdraw the review" in answer.content
