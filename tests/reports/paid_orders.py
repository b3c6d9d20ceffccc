"""Paid orders to write documents about, and PDFs to look into."""

import io
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pikepdf

from deferral.handlers import JobSpec
from deferral.models import Job
from orders.drafts import SHIPPING_TAX_BASIS_POINTS, DraftLine, included_tax
from orders.models import Order, OrderLine

# Runs a job as a worker does, and gives back its row.
Run = Callable[[JobSpec], Job]

PAID_AT = datetime(2026, 11, 21, 18, 5, 7, 123_456, tzinfo=UTC)  # as a database has it


def a_line(**changes: Any) -> DraftLine:
    """A ticket line, unless told otherwise."""
    facts: dict[str, Any] = {
        "sku": "TICKET-1",
        "kind": "ticket",
        "title": "Winter Concert",
        "detail": "Sat 12 Dec 2026, 19:00 · North Pier",
        "unit_cents": 2_450,
        "quantity": 3,
        "tax_basis_points": 700,
    }
    return DraftLine(**(facts | changes))


def an_order(*lines: DraftLine, shipping_cents: int = 0, **changes: Any) -> Order:
    """A paid order of these lines, not saved: its sums are what checkout would have made."""
    subtotal = sum(line.total_cents for line in lines)
    shipping_tax = included_tax(shipping_cents, SHIPPING_TAX_BASIS_POINTS)
    facts: dict[str, Any] = {
        "number": f"H-{uuid.uuid4().int % 10**9}",
        "state": Order.State.PAID,
        "name": "Zoë Müller-Østergård",
        "email": "zoe@example.org",
        "subtotal_cents": subtotal,
        "shipping_cents": shipping_cents,
        "tax_cents": sum(line.tax_cents for line in lines) + shipping_tax,
        "total_cents": subtotal + shipping_cents,
        "paid_at": PAID_AT,
    }
    return Order(**(facts | changes))


def rows_of(order: Order, *lines: DraftLine) -> list[OrderLine]:
    """The order's lines, not saved."""
    names = ("sku", "kind", "title", "detail", "unit_cents", "quantity", "tax_basis_points")
    return [
        OrderLine(
            order=order,
            tax_cents=line.tax_cents,
            total_cents=line.total_cents,
            **{name: getattr(line, name) for name in names},
        )
        for line in lines
    ]


def saved(*lines: DraftLine, **changes: Any) -> Order:
    """A paid order in the database."""
    order = an_order(*lines, **changes)
    order.save()
    OrderLine.objects.bulk_create(rows_of(order, *lines))
    return order


def opened(pdf: bytes) -> pikepdf.Pdf:
    """A PDF to look into."""
    return pikepdf.open(io.BytesIO(pdf))
