"""Errors that the provider has stored under a key: asked again, it gives the same one for a day.

Stripe keeps the first result of a key, its own 500 too. Another key then asks anew. Not for what
moves money each time it is asked, such as a refund; a charge is made once for each reference.
"""

from collections.abc import Callable
from typing import TypeVar

import stripe

T = TypeVar("T")
# So many keys in all. The last one's answer is the answer.
MOST_KEYS = 6


def past_stored_errors(key: str, ask: Callable[[str], T]) -> T:
    """Ask under this key, or under `…-2`, `…-3` where the ones before are spent. StripeError."""
    for name in [key, *(f"{key}-{number}" for number in range(2, MOST_KEYS))]:
        try:
            return ask(name)
        except stripe.StripeError as error:
            if not _is_stored(error):
                raise
    return ask(f"{key}-{MOST_KEYS}")


def _is_stored(error: stripe.StripeError) -> bool:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return (error.http_status or 0) >= 500 and headers.get("idempotent-replayed") == "true"
