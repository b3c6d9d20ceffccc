"""A price as people write it, to the cent: with a comma or a point, never through a float."""

import re

from orders.amounts import MOST_CENTS
from shop.models import TOO_DEAR

# One mark and at most two digits behind it; thousands are set apart only where both marks are
# there, since `1,234` is read as two different prices.
PLAIN = re.compile(r"(\d+)(?:[.,](\d{1,2}))?", re.ASCII)
GROUPED = re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{2})|(\d{1,3}(?:[. ]\d{3})+),(\d{2})", re.ASCII)
SIGNS = re.compile(r"€|\beur\b|\beuros?\b", re.IGNORECASE)
NOT_A_PRICE = "Write a price in euros, like 24.50 or 24,50."


def cents_of(text: str) -> int:
    """`24.50`, `24,5`, `€1,234.50` or `1.234,50 €` in cents. ValueError with a sentence."""
    said = SIGNS.sub("", text.replace("\N{NO-BREAK SPACE}", " ")).strip()
    if plain := PLAIN.fullmatch(said):
        whole, rest = plain[1], plain[2] or ""
    elif grouped := GROUPED.fullmatch(said):
        whole, rest = (grouped[1] or grouped[3]), (grouped[2] or grouped[4])
    else:
        raise ValueError(NOT_A_PRICE)
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    if len(digits) > len(str(MOST_CENTS)):
        raise ValueError(TOO_DEAR)
    cents = int(digits) * 100 + int(rest.ljust(2, "0"))
    if cents > MOST_CENTS:
        raise ValueError(TOO_DEAR)
    return cents


def typed(cents: int) -> str:
    """As it stands in a field: `1234.50`."""
    return f"{cents // 100}.{cents % 100:02}"
