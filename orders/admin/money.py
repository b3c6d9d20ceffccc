"""Money as staff read it."""


def money(cents: int, currency: str) -> str:
    """`24.50 EUR` for 2450."""
    return f"{cents / 100:,.2f} {currency.upper()}"
