"""What it costs to have an order carried to an address, tax included. Said here alone."""

from shop.wording import euros

SHIPPING_CENTS = 450
FREE_FROM_CENTS = 10_000


def shipping_for(subtotal_cents: int) -> int:
    """Of an order with something to carry: flat, and nothing from a hundred euros on."""
    return 0 if subtotal_cents >= FREE_FROM_CENTS else SHIPPING_CENTS


def in_words() -> str:
    """As the page of a product says it."""
    return f"{euros(SHIPPING_CENTS)} shipping, free from {euros(FREE_FROM_CENTS)}."
