"""A payment provider without a network, in the place of what the two gateways of orders do."""

from typing import NoReturn

from orders.errors import PaymentUnavailable
from orders.models import Refund
from orders.payments.provider.refunds import Returned
from orders.payments.provider.settlements import Settlement
from tests.proofs.machine.processes import reach
from tests.proofs.machine.receivers import BANK, Books


class Bank:
    """Names charges, makes and calls them off, and gives money back."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.orders: dict[str, str] = {}  # their numbers, by reference
        self.ends: dict[str, Settlement] = {}

    def create(self, *, key: str, order: str, number: str, amount_cents: int, currency: str) -> str:
        """A reference; nothing is charged yet."""
        if self.books.modes[BANK] in {"away", "busy"}:
            raise PaymentUnavailable
        ref = f"pi_{key}"
        self.orders[ref] = number
        return ref

    def confirm(self, *, key: str, ref: str, method: str, return_url: str = "") -> Settlement:
        """Charge, unless it was called off meanwhile."""
        reach("asked")
        mode = self.books.modes[BANK]
        if mode in {"away", "busy"}:
            return Settlement(outcome="unknown", ref=ref)
        if ref not in self.ends:
            outcome = "failed" if mode == "refuses" else "captured"
            self.ends[ref] = Settlement(outcome=outcome, ref=ref, card=method)  # type: ignore[arg-type]
            if outcome == "captured":
                self.books.accepted[self.orders[ref], BANK, "charge"][key] += 1
        lost = mode == "loses replies"
        return Settlement(outcome="unknown", ref=ref) if lost else self.ends[ref]

    def ask(self, ref: str) -> Settlement | None:
        """What became of it."""
        if self.books.modes[BANK] != "ok":
            raise PaymentUnavailable
        return self.ends.get(ref, Settlement(outcome="unconfirmed", ref=ref))

    def call_off(self, *, key: str, ref: str) -> Settlement | None:
        """No charge from here on."""
        if self.books.modes[BANK] != "ok":
            raise PaymentUnavailable
        return self.ends.setdefault(ref, Settlement(outcome="failed", ref=ref))

    def refund(self, *, key: str, ref: str, order: str, amount_cents: int) -> Returned:
        """Once for each key."""
        mode = self.books.observe((self.orders[ref], BANK, f"refund of {amount_cents}"), key)
        if mode != "ok":
            refuse(mode)
        return returned(ref, key, amount_cents)

    def refunds_of(self, ref: str) -> list[Returned]:
        """What its book says, also of keys that it would have forgotten."""
        if self.books.modes[BANK] in {"away", "busy"}:
            raise PaymentUnavailable
        order = self.orders[ref]
        return [
            returned(ref, key, int(effect[2].removeprefix("refund of ")))
            for effect, keys in self.books.accepted.items()
            if effect[:2] == (order, BANK) and effect[2].startswith("refund")
            for key in keys
        ]


def returned(ref: str, key: str, cents: int) -> Returned:
    """One that succeeded."""
    done = Refund.State.DONE
    return Returned(ref=f"re_{key}", payment=ref, key=key, state=done, cents=cents)


def refuse(mode: str) -> NoReturn:
    """As the gate lets it through."""
    if mode == "refuses":
        raise PaymentUnavailable(status=400, kind="invalid_request_error", words="never")
    raise PaymentUnavailable(mode)
