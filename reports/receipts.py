"""What stands on a receipt: plain data, every sum taken from the order and proved against it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from orders.drafts import SHIPPING_TAX_BASIS_POINTS, included_tax
from orders.models import Order, OrderLine, PaymentAttempt
from reports.errors import DoesNotAddUp
from reports.qr_codes import qr_code
from reports.seller import SELLER
from reports.wording import long_date, money, rate, short_date


def receipt_of(
    order: Order, lines: Sequence[OrderLine], *, paid_at: datetime, card: str
) -> dict[str, Any]:
    """Everything the template shows. DoesNotAddUp rather than a receipt that is wrong."""
    taxes = taxes_by_rate(order, lines)
    prove(order, lines, taxes)
    paid_by = "Free of charge" if order.is_free else card
    address = f"{settings.SITE_URL}/orders/{order.number}/?token={order.link_token}"
    return {
        "title": f"Receipt {order.number}",
        "number": order.number,
        "seller": SELLER,
        "customer": {"name": order.name, "address": order.address.splitlines()},
        "facts": [["Order", order.number], ["Date", short_date(paid_at)], ["Payment", paid_by]],
        "lines": [_line(line, order.currency) for line in lines],
        "sums": list(_sums(order)),
        "taxes": [_tax(points, *sums, order.currency) for points, sums in sorted(taxes.items())],
        "total": money(order.total_cents, order.currency),
        "total_label": "Total" if order.is_free else "Total paid",
        "settled": settled(order, paid_at),
        "qr": qr_code(address),
    }


def settled(order: Order, paid_at: datetime) -> str:
    """The sentence under the total."""
    amounts = f"All amounts in {order.currency.upper()}."
    if order.is_free:
        return f"Free of charge: nothing was to be paid. {amounts}"
    return f"Paid in full on {long_date(paid_at)}. {amounts}"


def taxes_by_rate(order: Order, lines: Sequence[OrderLine]) -> dict[int, tuple[int, int]]:
    """Basis points → (gross cents, the tax in them), shipping included."""
    found: dict[int, tuple[int, int]] = {}
    for points, gross, tax in _taxed(order, lines):
        so_far = found.get(points, (0, 0))
        found[points] = (so_far[0] + gross, so_far[1] + tax)
    return found


def _taxed(order: Order, lines: Sequence[OrderLine]) -> Iterator[tuple[int, int, int]]:
    for line in lines:
        yield line.tax_basis_points, line.total_cents, line.tax_cents
    if order.shipping_cents:
        points = SHIPPING_TAX_BASIS_POINTS
        yield points, order.shipping_cents, included_tax(order.shipping_cents, points)


def prove(order: Order, lines: Sequence[OrderLine], taxes: dict[int, tuple[int, int]]) -> None:
    """DoesNotAddUp unless lines, shipping, taxes and total agree to the cent."""
    agree = (
        all(line.unit_cents * line.quantity == line.total_cents for line in lines)
        and sum(line.total_cents for line in lines) == order.subtotal_cents
        and order.subtotal_cents + order.shipping_cents == order.total_cents
        and sum(gross for gross, _ in taxes.values()) == order.total_cents
        and sum(tax for _, tax in taxes.values()) == order.tax_cents
    )
    if not agree:
        raise DoesNotAddUp(order.number)


def card_of(attempt: PaymentAttempt | None) -> str:
    """What paid, as far as we were told."""
    return attempt.card if attempt and attempt.card else "Card"


def _line(line: OrderLine, currency: str) -> dict[str, str]:
    return {
        "title": line.title,
        "detail": line.detail,
        "quantity": str(line.quantity),
        "unit": money(line.unit_cents, currency),
        "rate": rate(line.tax_basis_points),
        "amount": money(line.total_cents, currency),
    }


def _sums(order: Order) -> Iterator[list[str]]:
    yield ["Subtotal", money(order.subtotal_cents, order.currency)]
    if order.shipping_cents:
        yield ["Shipping", money(order.shipping_cents, order.currency)]


def _tax(points: int, gross: int, tax: int, currency: str) -> dict[str, str]:
    return {
        "rate": rate(points),
        "net": money(gross - tax, currency),
        "tax": money(tax, currency),
        "gross": money(gross, currency),
    }
