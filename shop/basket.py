"""What is about to be bought, and what it costs. Prices include tax; nothing is stored."""

import uuid
from dataclasses import dataclass

from orders.addresses import Address
from orders.amounts import MIN_CENTS, MOST_CENTS
from orders.drafts import Draft, DraftLine
from shop.models import Product
from shop.shipping import shipping_for
from shop.wording import euros


@dataclass(frozen=True, slots=True)
class BasketLine:
    """`quantity` pieces of one product, at today's price. `shown_cents`: what a page said that one
    costs when it was put in, where that is known.
    """

    product: Product
    quantity: int
    shown_cents: int | None = None

    @property
    def total_cents(self) -> int:
        """Price of the line, tax included."""
        return self.product.price_cents * self.quantity

    @property
    def price_note(self) -> str:
        """That it costs something else now than its page has said. Empty when it does not."""
        now = self.product.price_cents
        if self.shown_cents in {None, now}:
            return ""
        return f"It is {euros(now)} now; it was {euros(self.shown_cents or 0)} when you put it in"

    @property
    def problem(self) -> str:
        """Why it cannot be ordered like this. Empty when it can."""
        if self.quantity <= self.product.most:
            return ""
        return self.product.stock_note or f"At most {self.product.most} per order"


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines of a cart, in catalogue order."""

    lines: tuple[BasketLine, ...]

    @property
    def ships(self) -> bool:
        """Whether anything has to be carried to an address."""
        return any(line.product.is_shipped for line in self.lines)

    @property
    def subtotal_cents(self) -> int:
        """Everything but the shipping."""
        return sum(line.total_cents for line in self.lines)

    @property
    def shipping_cents(self) -> int:
        """See `shipping`; nothing where nothing is carried."""
        return shipping_for(self.subtotal_cents) if self.ships else 0

    @property
    def total_cents(self) -> int:
        """What the card is charged; when it is nothing, no card is asked for."""
        return self.subtotal_cents + self.shipping_cents

    @property
    def problems(self) -> tuple[BasketLine, ...]:
        """The lines that have to change before this can be ordered."""
        return tuple(line for line in self.lines if line.problem)

    @property
    def refusal(self) -> str:
        """Why no card can be charged with the sum. Empty when one can, or when it is free."""
        if self.total_cents > MOST_CENTS:
            return f"One payment is at most {euros(MOST_CENTS)}. Please take less of something."
        if 0 < self.total_cents < MIN_CENTS:
            return f"A card cannot be charged with less than {euros(MIN_CENTS)}. Please add more."
        return ""

    @property
    def is_blocked(self) -> bool:
        """Whether something has to change before this can be ordered."""
        return bool(self.problems or self.refusal)

    def draft(
        self, *, checkout_key: uuid.UUID, name: str, email: str, address: Address, phone: str = ""
    ) -> Draft:
        """The same as plain values, for the orders app. Address and number only where something
        ships.
        """
        goes_to = address if self.ships else Address()
        return Draft(
            checkout_key=checkout_key,
            name=name,
            email=email,
            address=goes_to.written,
            goes_to=goes_to,
            phone=phone if self.ships else "",
            lines=tuple(draft_line(line) for line in self.lines),
            shipping_cents=self.shipping_cents,
        )


def draft_line(line: BasketLine) -> DraftLine:
    """A snapshot: the order keeps title and price whatever becomes of the product."""
    product = line.product
    return DraftLine(
        sku=product.sku,
        kind=product.category,
        title=product.title,
        detail=product.detail,
        unit_cents=product.price_cents,
        quantity=line.quantity,
        tax_basis_points=product.tax_basis_points,
    )
