"""The cart, kept in the visitor's signed cookie: article numbers and quantities, no prices."""

from django.contrib.sessions.backends.base import SessionBase

from orders.models import Order
from shop.basket import Basket, BasketLine
from shop.models import Product

KEY = "cart"
# The order made of this very cart, while nobody knows whether it is paid.
PAYING = "paying"
# The cookie holds 4 kB; sixty different things, with thirty orders, are half of that.
MOST_LINES = 60
UNSETTLED = (Order.State.AWAITING_PAYMENT, Order.State.PAYMENT_UNKNOWN)


class Cart:
    """Reads are free of the database; `basket()` is one query."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    @property
    def quantities(self) -> dict[str, int]:
        """Article number to quantity."""
        kept = self._session.get(KEY, {})
        return {str(sku): int(quantity) for sku, quantity in kept.items()}

    @property
    def count(self) -> int:
        """How many pieces are in it."""
        return sum(self.quantities.values())

    def basket(self) -> Basket:
        """What is in it at today's prices. Products that vanished are no longer part of it."""
        wanted = self.quantities
        found = Product.objects.filter(sku__in=wanted, on_sale=True)
        return Basket(tuple(BasketLine(product, wanted[product.sku]) for product in found))

    def forget_vanished(self, basket: Basket) -> int:
        """Drop what `basket` could not find any more, and say how many products that were."""
        known = {line.product.sku for line in basket.lines}
        gone = [sku for sku in self.quantities if sku not in known]
        if gone:
            self._keep({s: n for s, n in self.quantities.items() if s in known})
        return len(gone)

    def put(self, product: Product, quantity: int) -> int:
        """Set the quantity; 0 takes it out. Returns what it became."""
        allowed = max(0, min(quantity, product.most))
        wanted = self.quantities | {product.sku: allowed}
        kept = {sku: number for sku, number in wanted.items() if number > 0}
        if len(kept) > MOST_LINES:
            return 0
        self._keep(kept)
        return allowed

    def remove(self, sku: str) -> None:
        """Take it out, also when it is no longer sold."""
        self._keep({kept: number for kept, number in self.quantities.items() if kept != sku})

    @property
    def paying(self) -> str:
        """The number of the order made of this cart, until that is paid or failed. Else empty."""
        return str(self._session.get(PAYING, ""))

    def settle(self, order: Order) -> None:
        """Empty it when the order made of it is paid, keep it when that failed, else wait."""
        if order.state in UNSETTLED:
            self._session[PAYING] = order.number
        elif order.state == Order.State.PAYMENT_FAILED:
            self._session.pop(PAYING, None)
        else:
            self._keep({})

    def _keep(self, quantities: dict[str, int]) -> None:
        self._session[KEY] = quantities
        self._session.pop(PAYING, None)
