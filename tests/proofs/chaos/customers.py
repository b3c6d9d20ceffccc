"""One order after the other, at a steady pace, each step repeated until it is taken.

That is what a browser's second click and a provider's webhook do when the shop answers 503: every
step is safe to repeat (`shop.checkout`). What follows a payment is the system's own business.
"""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.db import Error, connection

from orders.payments import paying
from shop.checkout import place, record_outcome
from tests.bench.producer import basket
from tests.bench.systems import System
from tests.proofs.chaos.options import Options

T = TypeVar("T")
AGAIN = 0.2  # seconds
GOOD_CARD = "pm_card_visa"


class Customers(threading.Thread):
    """Buys until everything is bought. `paid`: the orders whose payment was taken."""

    def __init__(self, options: Options, system: System) -> None:
        super().__init__(name="customers", daemon=True)
        self.options, self.system = options, system
        self.basket = basket(2)
        self.paid: list[str] = []
        self.refused = 0

    def run(self) -> None:
        began = time.monotonic()
        with self.system.paying(), contextlib.closing(connection):
            for number in range(self.options.orders):
                time.sleep(max(0.0, began + number / self.options.pace - time.monotonic()))
                self._buy()

    def _buy(self) -> None:
        draft = replace(self.basket, checkout_key=uuid.uuid4())
        order, attempt, _ = self._insist(lambda: place(draft))
        settlement = self._insist(lambda: paying.pay(attempt_id=attempt.pk, method=GOOD_CARD))
        self._insist(lambda: record_outcome(attempt_id=attempt.pk, settlement=settlement))
        assert settlement.outcome == "captured", settlement
        self.paid.append(order.number)

    def _insist(self, step: Callable[[], T]) -> T:
        while True:
            try:
                return step()
            except Error:
                self.refused += 1
                connection.close()
                time.sleep(AGAIN)
