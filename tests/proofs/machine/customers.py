"""What customers order."""

import uuid

from orders.drafts import Draft, DraftLine
from tests.proofs.machine.staging import PRODUCTS


def a_draft(seats: int) -> Draft:
    """A print and some seats, at ten euros each."""
    lines = (a_line("PRINT", 1), a_line("SEAT", seats))
    return Draft(
        checkout_key=uuid.uuid4(),
        name="Ada",
        email="ada@example.org",
        address="1 Quay",
        lines=lines,
        shipping_cents=450,
    )


def a_line(sku: str, quantity: int) -> DraftLine:
    """So many of one product."""
    kind, _ = PRODUCTS[sku]
    return DraftLine(
        sku=sku,
        kind=kind,
        title=sku.title(),
        detail="",
        unit_cents=1_000,
        quantity=quantity,
        tax_basis_points=1_900,
    )
