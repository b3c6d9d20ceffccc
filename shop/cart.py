"""The cart, kept in the visitor's own cookies: article numbers and quantities, no prices.

A cookie for each article, so that two tabs do not lose each other's changes. Nothing in them is
believed: what is unknown, sold out or too much is dropped or named where the cart is looked at.
"""

import secrets
from collections import Counter
from functools import cached_property

from django.http import HttpRequest

from orders.models import Order, PaymentAttempt
from shop.access import signature_of
from shop.basket import Basket, BasketLine
from shop.jar import jar_of
from shop.models import Product
from shop.photos import with_first
from shop.shown_prices import forget_price, remember_price, shown_prices

ARTICLE = "cart"
# The orders made of this very cart, until each is paid or failed: `paying-H-10482`.
PAYING = "paying"
# The orders whose articles left it. Another answer to the same form may come yet, and say again
# that the order is being paid: what they bought leaves once.
SETTLED, A_DAY = "settled", 86_400
# Browsers keep some two hundred cookies, and eight thousand bytes of them are sent.
MOST_LINES = 60
MOST_OF_ONE = 10_000
UNSETTLED = (Order.State.AWAITING_PAYMENT, Order.State.PAYMENT_UNKNOWN)


class Cart:
    """Reads are free of the database, but for a query while an order made of it is being paid."""

    def __init__(self, request: HttpRequest) -> None:
        self._jar = jar_of(request)

    @property
    def quantities(self) -> dict[str, int]:
        """Article number to quantity, without what is being paid at the moment."""
        under_way = self._under_way
        left = {sku: number - under_way[sku] for sku, number in self._kept().items()}
        return {sku: number for sku, number in left.items() if number > 0}

    @property
    def count(self) -> int:
        """How many pieces the cookies say are in it.

        Never asks the database: it stands on each page, also on that of an outage.
        """
        return sum(self._kept().values())

    def basket(self) -> Basket:
        """What is in it at today's prices. Products that vanished are no longer part of it."""
        wanted = self.quantities
        found = with_first(Product.objects.filter(sku__in=wanted, on_sale=True))
        shown = shown_prices(self._jar)
        lines = (BasketLine(one, wanted[one.sku], shown.get(one.sku)) for one in found)
        return Basket(tuple(lines))

    def forget_vanished(self, basket: Basket) -> int:
        """Drop what `basket` could not find any more, and say how many products that were."""
        gone = self.quantities.keys() - {line.product.sku for line in basket.lines}
        for sku in gone:
            self.remove(sku)
        return len(gone)

    def put(self, product: Product, quantity: int) -> int:
        """Set the quantity; 0 takes it out. Returns what it became."""
        allowed = max(0, min(quantity, product.most, MOST_OF_ONE))
        kept = self._kept()
        if allowed and product.sku not in kept and len(kept) >= MOST_LINES:
            return 0
        self._keep(product.sku, allowed)
        return allowed

    def remember_price(self, product: Product, cents: int) -> None:
        """What the page said that it costs, for as long as it is in the cart."""
        if product.sku in self._kept():
            remember_price(self._jar, product.sku, cents)

    def remove(self, sku: str) -> None:
        """Take it out, also when it is no longer sold."""
        self._keep(sku, 0)

    @property
    def paying(self) -> str:
        """The number of an order made of it, until that is paid or failed. Else empty."""
        return max((number for number, _ in self._jar.all(PAYING)), default="")

    def pay(self, order: Order) -> None:
        """Say that this order was made of it. Its articles stay until more is known of it."""
        self._jar.put(PAYING, order.number, signature_of(order))

    def settle(self) -> None:
        """Take out what has been paid since it was last looked at. Safe to repeat."""
        _ = self._under_way

    @cached_property
    def _under_way(self) -> Counter[str]:
        """What is being paid, or kept for it. What is paid is taken out, and what failed stays.

        Done with a later request, not with the answer to the order: only then are the articles here
        that another tab has put in meanwhile. Of any number of such requests one takes them out.
        """
        under_way: Counter[str] = Counter()
        for order in self._orders():
            lines = Counter({line.sku: line.quantity for line in order.lines.all()})
            if order.state in UNSETTLED or order.can_pay_again:
                under_way += Counter() if is_held(order) else lines
                continue
            self._jar.drop(PAYING, order.number)
            if order.state != Order.State.PAYMENT_FAILED:
                self._take_out(order, lines)
        return under_way

    def _orders(self) -> list[Order]:
        said = dict(self._jar.all(PAYING))
        if not said:
            return []
        found = Order.objects.filter(number__in=said).prefetch_related("lines", "payments")
        ours = [one for one in found if is_signed(said[one.number], one)]
        for number in said.keys() - {one.number for one in ours}:
            self._jar.drop(PAYING, number)
        return ours

    def _take_out(self, order: Order, lines: Counter[str]) -> None:
        if self._jar.get(SETTLED, order.number):
            return
        self._jar.put(SETTLED, order.number, "1", seconds=A_DAY)
        for sku, number in self._kept().items():
            if lines[sku]:
                self._write(sku, number - lines[sku])

    def _kept(self) -> dict[str, int]:
        """What the cookies say. What is no such number was not written by us."""
        kept = sorted(self._jar.all(ARTICLE))[:MOST_LINES]
        read = {sku: int(text) for sku, text in kept if text.isdecimal() and len(text) < 6}
        return {sku: min(number, MOST_OF_ONE) for sku, number in read.items() if number}

    def _keep(self, sku: str, quantity: int) -> None:
        """So many, beside those that are being paid."""
        self._write(sku, quantity + self._under_way[sku])

    def _write(self, sku: str, number: int) -> None:
        if number > 0:
            self._jar.put(ARTICLE, sku, str(number))
        elif self._jar.get(ARTICLE, sku):
            self._jar.drop(ARTICLE, sku)
            forget_price(self._jar, sku)


def is_held(order: Order) -> bool:
    """Whether nobody has begun to pay it: its articles are set aside, and still in the cart."""
    attempts = list(order.payments.all())
    return bool(attempts) and attempts[-1].state == PaymentAttempt.State.HELD


def is_signed(text: str, order: Order) -> bool:
    """Whether we wrote this about the order."""
    return secrets.compare_digest(text.encode(), signature_of(order).encode())
