"""Refunds that end otherwise than they began: pending ones, and those that come back.

Stripe takes minutes to weeks for it; here it is a few seconds, so that a person sees both.
"""

import asyncio
import time
from dataclasses import dataclass, field

from sandbox.journal import Journal
from sandbox.payment.notices import Notifier
from sandbox.payment.objects import PaymentObjects, Thing
from sandbox.settings import Settings
from sandbox.store import Store

# One of Stripe's reasons (docs.stripe.com/refunds#failed-refunds).
FAILURE = "expired_or_canceled_card"
SECONDS, FAST_SECONDS = 15.0, 0.5


def turn_later(store: Store, refund_id: str, key: str, status: str) -> None:
    """Have the refund end so; call it in the transaction that makes it."""
    store.write(
        "INSERT INTO payment_turn (refund_id, key, status, made) VALUES (?, ?, ?, ?)",
        refund_id,
        key,
        status,
        time.time(),
    )


def turning_seconds(settings: Settings) -> float:
    """How long it takes."""
    return FAST_SECONDS if settings.fast else SECONDS


@dataclass(frozen=True)
class Turns:
    """Sleeps while there is nothing to turn."""

    objects: PaymentObjects
    journal: Journal
    notifier: Notifier
    seconds: float
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        """Tell that there is something new."""
        self._bell.set()

    async def run(self) -> None:
        """Turn until cancelled."""
        while True:
            self._bell.clear()
            self.run_once()
            await self._rest()

    def run_once(self) -> None:
        """Everything that is due."""
        before = time.time() - self.seconds
        for row in self.objects.store.rows("SELECT * FROM payment_turn WHERE made <= ?", before):
            with self.objects.store.transaction():
                self._turn(row["refund_id"], row["key"], row["status"])
        self.notifier.ring()

    async def _rest(self) -> None:
        first = self.objects.store.value("SELECT min(made) FROM payment_turn")
        wait = None if first is None else max(0.01, first + self.seconds - time.time())
        try:
            await asyncio.wait_for(self._bell.wait(), wait)
        except TimeoutError:
            return

    def _turn(self, refund_id: str, key: str, status: str) -> None:
        made = self.objects.get("refund", refund_id)
        made["status"] = status
        tales = ["refund.updated", "charge.refund.updated"]
        if status == "failed":
            made["failure_reason"] = FAILURE
            self._take_back(made)
            self.journal.came_back("payment", key)
            tales.append("refund.failed")
        self.objects.save(made)
        for tale in tales:
            self.objects.emit(tale, made)
        self.objects.store.write("DELETE FROM payment_turn WHERE refund_id = ?", refund_id)

    def _take_back(self, made: Thing) -> None:
        """The money is the shop's again."""
        paid = self.objects.get("charge", made["charge"])
        paid["amount_refunded"] -= made["amount"]
        paid["refunded"] = False
        self.objects.save(paid)
