"""The receipt: its sums, and what it does with sums that are wrong."""

import random

import pytest

from orders.drafts import DraftLine
from orders.models import PaymentAttempt
from reports.errors import DoesNotAddUp
from reports.receipts import card_of, receipt_of
from reports.typesetting import typeset
from tests.reports.paid_orders import PAID_AT, a_line, an_order, opened, rows_of


def cents(printed: str) -> int:
    return int(printed.removeprefix("€").replace(",", "").replace(".", ""))


def a_basket(chance: random.Random) -> list[DraftLine]:
    return [
        a_line(
            unit_cents=chance.choice([0, 1, 99, chance.randrange(1_000_000)]),
            quantity=chance.randint(1, 60),
            tax_basis_points=chance.choice([0, 550, 700, 1900, 2500]),
        )
        for _ in range(chance.randint(1, 25))
    ]


def test_what_is_printed_adds_up_to_what_was_paid() -> None:
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311 - baskets, not secrets
        lines = a_basket(chance)
        order = an_order(*lines, shipping_cents=chance.choice([0, 1, 490, 1299]))

        receipt = receipt_of(order, rows_of(order, *lines), paid_at=PAID_AT, card="Visa")

        net, tax = (sum(cents(row[sum_]) for row in receipt["taxes"]) for sum_ in ("net", "tax"))
        assert cents(receipt["total"]) == order.total_cents, seed
        assert sum(cents(line["amount"]) for line in receipt["lines"]) == order.subtotal_cents
        assert sum(cents(value) for _, value in receipt["sums"]) == order.total_cents
        assert (net, tax) == (order.total_cents - order.tax_cents, order.tax_cents), seed


@pytest.mark.parametrize("sum_", ["subtotal_cents", "shipping_cents", "tax_cents", "total_cents"])
def test_a_sum_that_is_one_cent_off_makes_no_receipt(sum_: str) -> None:
    order = an_order(a_line(), shipping_cents=490)
    setattr(order, sum_, getattr(order, sum_) + 1)

    with pytest.raises(DoesNotAddUp, match=order.number):
        receipt_of(order, rows_of(order, a_line()), paid_at=PAID_AT, card="Visa")


def test_tax_is_listed_once_for_each_rate_and_shipping_has_its_share() -> None:
    lines = [a_line(tax_basis_points=700), a_line(tax_basis_points=1900)] * 2
    order = an_order(*lines, shipping_cents=490)

    receipt = receipt_of(order, rows_of(order, *lines), paid_at=PAID_AT, card="Visa")

    assert [tax["rate"] for tax in receipt["taxes"]] == ["7%", "19%"]
    assert [tax["gross"] for tax in receipt["taxes"]] == ["€147.00", "€151.90"]


def test_the_date_is_the_shops_own_whatever_utc_says() -> None:
    order = an_order(a_line())
    late = PAID_AT.replace(hour=23, minute=30)

    receipt = receipt_of(order, rows_of(order, a_line()), paid_at=late, card="Visa")

    assert receipt["settled"] == "Paid in full on 22 November 2026. All amounts in EUR."


def test_the_card_is_named_as_far_as_it_is_known() -> None:
    assert card_of(PaymentAttempt(card="Visa •••• 4242")) == "Visa •••• 4242"
    assert card_of(None) == "Card"


def test_sixty_lines_take_three_pages() -> None:
    lines = [a_line(title=f"Harbour print {number}") for number in range(60)]
    order = an_order(*lines)

    receipt = receipt_of(order, rows_of(order, *lines), paid_at=PAID_AT, card="Visa")

    assert len(opened(typeset("receipt.typ", receipt, at=PAID_AT)).pages) == 3
