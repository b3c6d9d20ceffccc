"""An order, and its form, as they were before an address had parts."""

from typing import Any

from orders.addresses import Address
from orders.drafts import Draft, DraftLine
from orders.models import Order, OrderLine
from tests.shop.buying import ADDRESS

WHOLE = "1 Quay Street\n18119 Warnemünde\nGermany"


def with_one_field(form: dict[str, Any]) -> dict[str, Any]:
    """The same form, whose address is one text."""
    return {name: text for name, text in form.items() if name not in ADDRESS} | {"address": WHOLE}


def recorded_whole(order: Order) -> None:
    """Write it as the release before this one would have."""
    draft = Draft(
        checkout_key=order.checkout_key,
        name=order.name,
        email=order.email,
        address=WHOLE,
        lines=tuple(_line(line) for line in order.lines.order_by("id")),
        shipping_cents=order.shipping_cents,
    )
    none = {"street": "", "postcode": "", "town": "", "region": "", "country": ""}
    whole = {"address": WHOLE, "fingerprint": draft.fingerprint}
    assert draft.goes_to == Address(**none)
    Order.objects.filter(pk=order.pk).update(**none, **whole)


def _line(line: OrderLine) -> DraftLine:
    return DraftLine(
        sku=line.sku,
        kind=line.kind,
        title=line.title,
        detail=line.detail,
        unit_cents=line.unit_cents,
        quantity=line.quantity,
        tax_basis_points=line.tax_basis_points,
    )
