"""What a shop hands over to have an order placed: plain values, nothing of its own models."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field

from orders.addresses import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftLine:
    """`quantity` pieces of one product at `unit_cents` each, tax included.

    `tax_basis_points`: 1900 is 19 %.
    """

    sku: str
    kind: str
    title: str
    detail: str
    unit_cents: int
    quantity: int
    tax_basis_points: int

    @property
    def total_cents(self) -> int:
        """Price of the whole line, tax included."""
        return self.unit_cents * self.quantity

    @property
    def tax_cents(self) -> int:
        """The tax inside the line's total, rounded half up to the cent."""
        return included_tax(self.total_cents, self.tax_basis_points)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A basket ready to be ordered. `checkout_key` makes a double submit one order.

    `phone` is a number as it goes over the wire, or empty. `address` is what is written on the
    parcel, `goes_to` the parts that it is made of.
    """

    checkout_key: uuid.UUID
    name: str
    email: str
    address: str
    lines: tuple[DraftLine, ...]
    shipping_cents: int
    phone: str = ""
    goes_to: Address = field(default_factory=Address)

    @property
    def total_cents(self) -> int:
        """What has to be paid. Nothing, where every price is nothing and no way is charged."""
        return sum(line.total_cents for line in self.lines) + self.shipping_cents

    @property
    def fingerprint(self) -> str:
        """Equal for equal baskets and addresses, so that a key reused for another is noticed.

        Without a number it is what it was before there were numbers, and without a country what it
        was before an address had parts. With one the parts count, as they were typed: how they are
        written changes with what is known of a country.
        """
        content = asdict(self) | {"checkout_key": ""}
        if not self.phone:
            del content["phone"]
        del content["address" if self.goes_to.country else "goes_to"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


SHIPPING_TAX_BASIS_POINTS = 1900


def included_tax(total_cents: int, basis_points: int) -> int:
    """The tax inside a price that includes it, rounded half up."""
    return (2 * total_cents * basis_points + 10_000 + basis_points) // (2 * (10_000 + basis_points))
