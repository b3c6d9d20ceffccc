"""One authenticated request to the payment provider."""

from dataclasses import dataclass

from sandbox.fault_switches import Mode
from sandbox.journal import Journal, Parcel
from sandbox.payment.form import Params
from sandbox.payment.methods import loses_replies, seconds_of
from sandbox.payment.objects import PaymentObjects, Thing
from sandbox.reading import storable


@dataclass(frozen=True)
class PaymentRequest:
    """`name` is the id in the address; `key` may be empty (Stripe does not insist on one)."""

    objects: PaymentObjects
    journal: Journal
    key: str
    name: str
    form: str
    params: Params
    mode: Mode = Mode.OK

    @property
    def order(self) -> str:
        """The order in the caller's metadata: its number for people, else what it is called.

        Of this request, else of its intent.
        """
        notes = self.params.get("metadata")
        told = [notes if isinstance(notes, dict) else {}, self.intent().get("metadata", {})]
        found = (one.get(name) for name in ("number", "order") for one in told)
        return storable(next((text for text in found if isinstance(text, str)), ""))

    def intent(self) -> Thing:
        """The intent that the request is about, or an empty dict."""
        name = self.name or self.params.get("payment_intent")
        found = self.objects.find("payment_intent", name) if isinstance(name, str) else None
        return found or {}

    def journal_key(self, made: Thing) -> str:
        """The caller's key; what came without one is told apart by the object it made."""
        return self.key or made["id"]

    def accept(self, effect: str, made: Thing) -> None:
        """Enter an effect in the journal, in the transaction that makes it."""
        self.journal.accept("payment", Parcel(self.journal_key(made), self.order, effect), {})

    def refuse(self, effect: str, made: Thing) -> None:
        """Enter that something was not done."""
        self.journal.refuse("payment", Parcel(self.journal_key(made), self.order, effect))


def bank_seconds(asked: PaymentRequest) -> float:
    """Seconds that the bank behind the payment method takes, beyond the usual."""
    return seconds_of(asked.params.get("payment_method") or asked.intent().get("payment_method"))


def is_lost(asked: PaymentRequest) -> bool:
    """Whether no answer to this payment method ever arrives."""
    return loses_replies(asked.params.get("payment_method"))
