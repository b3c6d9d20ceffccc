"""What customers and staff do with returns, in short."""

import uuid
from typing import Any

from orders.drafts import DraftLine
from orders.models import Order, OrderLine, Refund, Return
from orders.returns.arriving import Came, note_arrival
from orders.returns.asking import Asked, ask_return
from orders.returns.deciding import approve_return, refuse_return
from tests.orders.buying import paid

TITLES = {"ticket": "Lantern Walk", "home": "Harbour mug", "download": "Low Tide", "print": "Swell"}


def a_line(kind: str, quantity: int, cents: int) -> DraftLine:
    """As it is sold."""
    return DraftLine(
        sku=f"{kind}-1",
        kind=kind,
        title=TITLES[kind],
        detail="",
        unit_cents=cents,
        quantity=quantity,
        tax_basis_points=1_900,
    )


def bought(*lines: DraftLine, shipping: int = 490) -> Order:
    """Three mugs at 18.00 and a seat at 19.00, paid; or what is said."""
    lines = lines or (a_line("home", 3, 1_800), a_line("ticket", 1, 1_900))
    return paid(lines=lines, shipping_cents=shipping)


def line_of(order: Order, kind: str = "home") -> OrderLine:
    """Of this kind."""
    return order.lines.get(kind=kind)


def asked(order: Order, quantity: int = 1, kind: str = "home", **said: Any) -> Return:
    """By the customer."""
    key = said.pop("key", None) or uuid.uuid4()
    facts = {"reason": "changed_mind", "words": "Too large.", **said}
    quantities = {line_of(order, kind).pk: quantity}
    return ask_return(order_id=order.pk, key=key, asked=Asked(quantities=quantities, **facts))


def approved(order: Order, quantity: int = 1, **said: Any) -> Return:
    """By staff."""
    found = asked(order, quantity, **said)
    return approve_return(return_id=found.pk, by="harbour", reason="")


def refused(found: Return, reason: str = "It was worn.") -> Return:
    """By staff."""
    return refuse_return(return_id=found.pk, by="harbour", reason=reason)


def came(found: Return, arrived: int, sold_again: int = 0) -> Return:
    """So many of its only line."""
    line = found.lines.get()
    counted = {line.pk: Came(arrived=arrived, sold_again=sold_again)}
    return note_arrival(return_id=found.pk, by="harbour", reason="", came=counted)


def arrived(order: Order, quantity: int = 1, **said: Any) -> tuple[Return, Refund]:
    """All of it, as good as new; with its refund, of which the provider has not heard."""
    found = came(approved(order, quantity, **said), quantity, quantity)
    return found, found.refunds.get()


def state_of(found: Return) -> str:
    """As it is stored."""
    return Return.objects.values_list("state", flat=True).get(pk=found.pk)
