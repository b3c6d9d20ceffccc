"""The payment provider's keys, and where they are sent."""

from django.conf import settings

from config.contradictions.rules import is_live, rule

STRIPE = "https://api.stripe.com"


@rule
def live_key_elsewhere() -> bool:
    """PAYMENT_SECRET_KEY is a live key, but PAYMENT_API_BASE is not https://api.stripe.com."""
    return is_live() and settings.PAYMENT_API_BASE.rstrip("/") != STRIPE


@rule
def live_key_with_test_cards() -> bool:
    """PAYMENT_SECRET_KEY is a live key, but PAYMENT_TEST_METHODS offers test cards."""
    return is_live() and settings.PAYMENT_TEST_METHODS


@rule
def payment_key_is_missing() -> bool:
    """PAYMENT_SECRET_KEY is empty, or the sandbox's at https://api.stripe.com."""
    key = settings.PAYMENT_SECRET_KEY
    at_stripe = settings.PAYMENT_API_BASE.rstrip("/") == STRIPE
    return not key or (at_stripe and key == "sk_test_halyard")


@rule
def payment_key_is_none() -> bool:
    """PAYMENT_SECRET_KEY must begin with sk_ or rk_ and be one word."""
    key = str(settings.PAYMENT_SECRET_KEY)
    return bool(key) and not (key.startswith(("sk_", "rk_")) and key.isascii() and " " not in key)
