"""How often one address may search, check out and try a password: else 429, and when to return.

Not against floods: those end at the proxy. This is for the one who tries passwords or cards all
night, and for the loop in somebody's script.
"""

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from deferral.allowances import spend

Answer = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """`most` requests in `per` seconds from one address, of those that `concerns` names."""

    name: str
    most: int
    per: float
    concerns: Callable[[HttpRequest], bool]


def is_payment(path: str) -> bool:
    """Where a card is tried: at the checkout, and for an order whose payment failed."""
    return path == "/checkout/" or (path.startswith("/orders/") and path.endswith("/pay/"))


LIMITS = (
    Limit(
        name="login",
        most=20,
        per=300,
        concerns=lambda asked: asked.method == "POST" and asked.path == "/admin/login/",
    ),
    Limit(
        name="checkout",
        most=30,
        per=60,
        concerns=lambda asked: asked.method == "POST" and is_payment(asked.path),
    ),
    Limit(
        name="search",
        most=120,
        per=60,
        concerns=lambda asked: asked.path == "/" and "q" in asked.GET,
    ),
)


class LimitRate:
    """Counts what a limit concerns, and refuses what is too much."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """429 with Retry-After, or whatever the rest of the house answers."""
        for limit in LIMITS if settings.RATE_LIMITS else ():
            if limit.concerns(request):
                key = f"{limit.name}:{asker(request)}"
                wait = spend(key, most=limit.most, per=limit.per)
                if wait is not None:
                    return too_many(math.ceil(wait))
        return self.get_response(request)


def asker(request: HttpRequest) -> str:
    """The address that asks: what our own proxy says of it, else whoever is at the other end.

    Of an IPv6 address its network counts, which is what one customer of a provider has.
    """
    told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    address = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def too_many(seconds: int) -> HttpResponse:
    """A page of its own, without a session or a query."""
    page = loader.get_template("429.html").render({"seconds": seconds})
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=429, headers=headers)
