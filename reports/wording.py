"""How amounts, rates and dates are worded on paper. Arithmetic is not for here: it is in cents."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

SIGNS = {"eur": "€", "gbp": "£", "usd": "$"}


def money(cents: int, currency: str) -> str:
    """`€1,152.88`, or `CHF 1,152.88` where we know no sign."""
    sign = SIGNS.get(currency, f"{currency.upper()} ")
    return f"{sign}{cents // 100:,}.{cents % 100:02}"


def rate(basis_points: int) -> str:
    """`19%`, `5.5%`, `0%`."""
    return f"{basis_points / 100:g}%"


def short_date(moment: datetime) -> str:
    """`21 Nov 2026`, as it was in the shop."""
    return date_format(timezone.localtime(moment), "j M Y")


def moment(at: datetime) -> str:
    """`21 Nov 2026, 19:05`, by the clock in the shop."""
    return date_format(timezone.localtime(at), "j M Y, H:i")


def long_date(moment: datetime) -> str:
    """`21 November 2026`."""
    return date_format(timezone.localtime(moment), "j F Y")


def month_words(month: date) -> str:
    """`November 2026`."""
    return date_format(month, "F Y")
