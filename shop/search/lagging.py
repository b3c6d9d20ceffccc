"""How far the search is behind the products, in words."""

from shop.search.repairing import behind

# More are not counted.
MOST = 10_000


def lag() -> str:
    """`1 product`, `12 products`, `10,000 products or more`; "" where it knows all as they are."""
    count = len(behind(MOST))
    if count >= MOST:
        return f"{MOST:,} products or more"
    return f"{count:,} product{'' if count == 1 else 's'}" if count else ""
