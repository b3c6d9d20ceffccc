"""What pages have said that articles cost, from which they were put into the cart.

A cookie for each, compared and never charged: prices are those of the products. Whoever writes
something else there is told so themselves, and nobody else.
"""

from shop.jar import Jar

SHOWN = "shown"
# Of so many articles it is remembered: browsers keep some two hundred cookies, of the cart's too.
MOST_SHOWN = 30


def shown_prices(jar: Jar) -> dict[str, int]:
    """In cents, by article."""
    found = sorted(jar.all(SHOWN))[: MOST_SHOWN + 1]
    return {sku: int(text) for sku, text in found if text.isdecimal() and len(text) < 10}


def remember_price(jar: Jar, sku: str, cents: int) -> None:
    """What was seen last counts."""
    shown = shown_prices(jar)
    if sku in shown or len(shown) < MOST_SHOWN:
        jar.put(SHOWN, sku, str(cents))


def forget_price(jar: Jar, sku: str) -> None:
    """It is in the cart no more."""
    if jar.get(SHOWN, sku):
        jar.drop(SHOWN, sku)
