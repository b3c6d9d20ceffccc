"""What one payment can be. Stripe's bounds in euros (docs.stripe.com/currencies): any other amount
it refuses for good, so it is refused here where it is typed.
"""

MIN_CENTS = 50
MOST_CENTS = 99_999_999


def is_payable(cents: int) -> bool:
    """Whether a card can be charged with it. Nothing (0) is no payment: see `placing`."""
    return MIN_CENTS <= cents <= MOST_CENTS
