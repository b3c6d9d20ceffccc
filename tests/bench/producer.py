"""Orders without a browser: placed beforehand, paid when the clock runs."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from orders.drafts import Draft
from orders.models import Order
from orders.payments.provider.settlements import Settlement
from shop.basket import BasketLine, draft_line
from shop.checkout import place, record_outcome
from shop.models import Product

CHARGE = Settlement(outcome="captured", ref="pi_bench", card="Visa 4242")


@dataclass(frozen=True)
class Placed:
    """An order that waits for its payment."""

    id: int
    number: str
    attempt: int


def place_orders(count: int, *, tickets: int = 2) -> list[Placed]:
    """So many orders, each of something from every supplier."""
    return [_place(tickets) for _ in range(count)]


def _place(tickets: int) -> Placed:
    order, attempt, _ = place(basket(tickets))
    return Placed(order.pk, order.number, attempt.pk)


def basket(tickets: int) -> Draft:
    """A print, a thing from the shelf, and tickets: all three inventory systems hear of it."""
    wanted = {"print_room": 1, "warehouse": 1, "box_office": tickets}
    lines = (
        draft_line(BasketLine(Product.objects.filter(supplier=supplier)[0], quantity))
        for supplier, quantity in wanted.items()
    )
    return Draft(
        checkout_key=uuid.uuid4(),
        name="Ada",
        email="ada@example.org",
        address="1 Quay",
        lines=tuple(lines),
        shipping_cents=450,
    )


def pay(orders: Sequence[Placed], *, per_second: float = 0) -> None:
    """Record that they are paid, as fast as it goes or at a steady pace."""
    began = time.monotonic()
    for number, order in enumerate(orders):
        if per_second:
            time.sleep(max(0, began + number / per_second - time.monotonic()))
        record_outcome(attempt_id=order.attempt, settlement=CHARGE)


def paid_at(orders: Sequence[Placed]) -> dict[str, float]:
    """Order number -> when it was paid: epoch."""
    rows = Order.objects.filter(pk__in=[order.id for order in orders])
    return {row.number: row.paid_at.timestamp() for row in rows if row.paid_at}
