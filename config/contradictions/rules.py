"""The list of rules, and what several of them ask."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

Rule = Callable[[], bool]
RULES: list[Rule] = []

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def rule(broken: Rule) -> Rule:
    """Add a rule: a function that tells whether it is broken."""
    RULES.append(broken)
    return broken


def is_local(url: str) -> bool:
    """Whether it is this machine's own address."""
    return urlsplit(url).hostname in LOOPBACK


def is_live() -> bool:
    """Stripe's live keys: `sk_live_` and the restricted `rk_live_`."""
    return str(settings.PAYMENT_SECRET_KEY).startswith(("sk_live_", "rk_live_"))
