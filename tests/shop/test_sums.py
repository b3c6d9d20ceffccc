"""Whatever is bought: lines, shipping and tax add up to the charge, wherever they are written."""

import re
import uuid
from collections.abc import Sequence
from fractions import Fraction

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import messages
from orders.addresses import Address
from orders.drafts import included_tax
from orders.models import Order
from orders.payments import paying
from orders.selectors import order_by_id
from reports.receipts import receipt_of
from reports.wording import money
from shop.basket import Basket, BasketLine
from shop.checkout import place, record_outcome
from shop.models import Product
from shop.wording import euros
from tests.rig.running_sandbox import Sandbox

Line = tuple[int, int, int, int]  # product, quantity, cents, basis points
BASKETS = st.lists(
    st.tuples(
        st.integers(0, 39),
        st.integers(1, 99),
        st.integers(1, 80_000),  # a charge has eight digits at most
        st.sampled_from([0, 1, 500, 700, 1_900, 2_500, 9_999]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda line: line[0],
)


@given(total=st.integers(0, 10**9), points=st.integers(0, 10_000))
def test_the_tax_in_a_price_is_right_to_the_half_cent(total: int, points: int) -> None:
    exact = Fraction(total * points, 10_000 + points)

    assert abs(included_tax(total, points) - exact) <= Fraction(1, 2)
    assert 0 <= included_tax(total, points) <= total


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=BASKETS.filter(lambda lines: sum(n * cents for _, n, cents, _ in lines) >= 50))
def test_every_sum_is_the_charge(
    wanted: list[Line], open_shop: dict[str, Product], bank: Sandbox
) -> None:
    order = bought(wanted)
    charged = [row for row in bank.payments.charges.list({"limit": 1}).data if row.paid]
    lines = list(order.lines.all())
    expected = sum(cents * quantity for _, quantity, cents, _ in wanted)

    assert order.subtotal_cents == sum(line.total_cents for line in lines) == expected
    assert order.subtotal_cents + order.shipping_cents == order.total_cents
    assert [(row.amount, row.metadata["order"]) for row in charged] == [
        (order.total_cents, order.reference)
    ]
    assert read_page(order) == read_mail(order) == order.total_cents
    assert read_receipt(order) == (order.total_cents, order.tax_cents)


def bought(wanted: Sequence[Line]) -> Order:
    """Products at these prices, in these numbers, paid."""
    products = list(Product.objects.order_by("sku"))
    lines = []
    for index, quantity, cents, points in wanted:
        product = products[index]
        product.price_cents, product.tax_basis_points, product.available = cents, points, quantity
        product.save()
        lines.append(BasketLine(product, quantity))
    draft = Basket(tuple(lines)).draft(
        checkout_key=uuid.uuid4(),
        name="Ada",
        email="ada@example.org",
        address=Address(street="1 Quay Street"),
    )
    order, attempt, _ = place(draft)
    settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    record_outcome(attempt_id=attempt.pk, settlement=settlement)
    return order_by_id(order.pk)


def read_page(order: Order) -> int:
    """The sum under which the customer's page says "Paid", which the lines above it make."""
    page = Client().get(f"/orders/{order.number}/?token={order.link_token}").content.decode()
    for line in order.lines.all():
        assert euros(line.total_cents) in page
    return cents_after("Paid", re.sub(r"<[^>]+>", " ", page))


def read_mail(order: Order) -> int:
    """The last sum of the confirmation."""
    mail = messages.confirmation(order, documents=[], missing=[], key="sums")
    assert euros(order.total_cents) in mail.html
    return cents_after("\nPaid", mail.text)


def read_receipt(order: Order) -> tuple[int, int]:
    """Its total, and the sum of its taxes; it refuses to be written when they disagree."""
    assert order.paid_at
    receipt = receipt_of(order, list(order.lines.all()), paid_at=order.paid_at, card="Visa")
    gross = {money(cents, order.currency): cents for cents in [order.total_cents]}
    taxes = sum(cents_of(tax["tax"]) for tax in receipt["taxes"])
    return gross[receipt["total"]], taxes


def cents_after(words: str, text: str) -> int:
    """The first sum behind these words."""
    found = re.search(re.escape(words) + r"\s+(€[\d,]+\.\d\d)", text)
    assert found, text
    return cents_of(found[1])


def cents_of(text: str) -> int:
    """123450 for `€1,234.50`, however it is written."""
    return int(re.sub(r"\D", "", text))
