"""The test payment methods: each names a card and what its bank says."""

from dataclasses import dataclass
from typing import Any

from sandbox.payment.errors import no_such
from sandbox.services import SLOW_SECONDS


@dataclass(frozen=True)
class Method:
    """`code` is empty for a card that works; a slow bank takes `seconds` instead of the usual.

    `asks`: nothing is charged before the customer has answered the bank (3-D Secure).
    `reply_lost`: no answer to a confirm ever arrives, whoever asks again.
    """

    id: str
    last4: str
    brand: str = "visa"
    code: str = ""
    decline_code: str = ""
    message: str = ""
    seconds: float = 0.0
    reply_lost: bool = False
    asks: bool = False

    @property
    def card(self) -> dict[str, Any]:
        """The card as a charge shows it."""
        return {
            "brand": self.brand,
            "last4": self.last4,
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "credit",
            "country": "US",
        }


_ALL = (
    Method("pm_card_visa", "4242"),
    Method("pm_card_mastercard", "4444", brand="mastercard"),
    Method(
        "pm_card_chargeDeclined",
        "0002",
        code="card_declined",
        decline_code="generic_decline",
        message="Your card was declined.",
    ),
    Method(
        "pm_card_chargeDeclinedInsufficientFunds",
        "9995",
        code="card_declined",
        decline_code="insufficient_funds",
        message="Your card has insufficient funds.",
    ),
    Method(
        "pm_card_chargeDeclinedExpiredCard",
        "0069",
        code="expired_card",
        decline_code="expired_card",
        message="Your card has expired.",
    ),
    Method("pm_card_authenticationRequired", "3184", asks=True),
    Method(
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        "3178",
        code="card_declined",
        decline_code="insufficient_funds",
        message="Your card has insufficient funds.",
        asks=True,
    ),
    Method("pm_sandbox_slowBank", "3220", seconds=SLOW_SECONDS),
    Method("pm_sandbox_replyLost", "6060", reply_lost=True),
)
_METHODS = {method.id: method for method in _ALL}


def find_method(name: str) -> Method:
    """Look a test method up as a parameter names it."""
    if name not in _METHODS:
        raise no_such("PaymentMethod", name, param="payment_method", status=400)
    return _METHODS[name]


def show_method(name: str) -> dict[str, Any]:
    """Show a test method as an object of its own."""
    if name not in _METHODS:
        raise no_such("PaymentMethod", name)
    return {
        "id": name,
        "object": "payment_method",
        "type": "card",
        "card": _METHODS[name].card,
        "created": 0,
        "customer": None,
        "livemode": False,
        "metadata": {},
    }


def seconds_of(name: object) -> float:
    """Seconds this method's bank takes; 0 for what is no method at all."""
    return _METHODS[name].seconds if isinstance(name, str) and name in _METHODS else 0.0


def loses_replies(name: object) -> bool:
    """Whether this method's charge is made and never answered; False for what is no method."""
    return isinstance(name, str) and name in _METHODS and _METHODS[name].reply_lost
