"""How often one address may search, send, check out and try a password: else 429, and for how long.

Not against floods: those end at the proxy. This is for the one who tries passwords or cards all
night, and for the loop in somebody's script. What a limit concerns is told by the view that is
about to answer, and not by the address as it was written: the two can differ.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from deferral.pressure.askers import counted_as
from deferral.pressure.rate_limits import spend
from shop.countdowns import counted

Answer = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def view_of(request: HttpRequest) -> str:
    """The name of the view that is about to answer."""
    return request.resolver_match.view_name if request.resolver_match else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """`most` requests in `per` seconds from one address, of those that `concerns` names."""

    name: str
    most: int
    per: float
    concerns: Callable[[HttpRequest], bool]


# Where a card is tried: at the checkout, and for an order whose payment failed.
PAYMENTS = frozenset({"shop:checkout", "shop:pay_again"})
# Where somebody is let in by a mail, or shown an order.
LOGINS = frozenset(
    {
        "shop:login",
        "shop:login_code",
        "shop:login_link",
        "shop:find_order",
        "shop:order_found",
    }
)
ACCOUNTS = frozenset({"shop:delete_account", "reports:my_data"})
RETURNS = frozenset({"shop:returns", "shop:withdraw_return"})
UPLOADS = frozenset({"media:uploads", "media:upload_plain"})

LIMITS = (
    Limit(
        name="login",
        most=20,
        per=300,
        concerns=lambda asked: view_of(asked) == "admin:login" and asked.method not in SAFE,
    ),
    Limit(
        name="checkout",
        most=30,
        per=60,
        concerns=lambda asked: view_of(asked) in PAYMENTS and asked.method not in SAFE,
    ),
    # Each makes a row; a file is begun once, however often its line breaks.
    Limit(
        name="uploads",
        most=60,
        per=600,
        concerns=lambda asked: view_of(asked) in UPLOADS and asked.method not in SAFE,
    ),
    Limit(
        name="newsletter",
        most=10,
        per=600,
        concerns=lambda asked: (
            view_of(asked) == "notifications:newsletter" and asked.method not in SAFE
        ),
    ),
    # Far above what the login itself allows to one address: that answers as if nothing was.
    Limit(
        name="login_link",
        most=200,
        per=600,
        concerns=lambda asked: view_of(asked) in LOGINS and asked.method not in SAFE,
    ),
    # Each makes a row and a job, or a try at a confirmation.
    Limit(
        name="account",
        most=20,
        per=600,
        concerns=lambda asked: view_of(asked) in ACCOUNTS and asked.method not in SAFE,
    ),
    Limit(
        name="review",
        most=20,
        per=600,
        concerns=lambda asked: view_of(asked) == "reviews:review" and asked.method not in SAFE,
    ),
    Limit(
        name="return",
        most=20,
        per=600,
        concerns=lambda asked: view_of(asked) in RETURNS and asked.method not in SAFE,
    ),
    Limit(
        name="search",
        most=120,
        per=60,
        concerns=lambda asked: view_of(asked) == "shop:search",
    ),
    # With every few letters that somebody types.
    Limit(
        name="suggest",
        most=240,
        per=60,
        concerns=lambda asked: view_of(asked) == "shop:suggest",
    ),
)


class LimitRate:
    """Counts what a limit concerns, and refuses what is too much."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Which view it is for is not known yet."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """429 with Retry-After, or whatever the rest of the shop answers."""
        for limit in LIMITS if settings.RATE_LIMITS else ():
            if limit.concerns(request):
                key = f"{limit.name}:{counted_as(request)}"
                wait = spend(key, most=limit.most, per=limit.per)
                if wait is not None:
                    return too_many(math.ceil(wait))
        return None


def too_many(seconds: int) -> HttpResponse:
    """A page of its own, without a session or a query."""
    when = counted(timedelta(seconds=seconds), due=None)
    page = loader.get_template("429.html").render({"when": when})
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(page, status=429, headers=headers)
