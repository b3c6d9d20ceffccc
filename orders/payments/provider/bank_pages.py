"""Where the provider wants a customer to go: foreign data, judged before any browser follows it."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from orders.payments.provider.reading import Answer

# What an address may consist of (RFC 3986), none of which ends it in a header or in HTML.
ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
LONGEST = 2_000


def page_of(next_action: Answer) -> str:
    """The bank's page; empty for whatever cannot be followed.

    `redirect_to_url` is the one kind we ask for, by sending a `return_url`. All others need the
    provider's own script in the browser (`use_stripe_sdk`) or are no card's.
    """
    if next_action.text("type") != "redirect_to_url":
        return ""
    url = next_action.part("redirect_to_url").name("url", LONGEST)
    return url if _is_followed(url) else ""


def _is_followed(url: str) -> bool:
    """Encrypted, or the sandbox's own; with a host, and no name and password before it."""
    if not ADDRESS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    if not has_host or "@" in parts.netloc:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return parts.scheme == "https" or origin == settings.PAYMENT_BANK_ORIGIN
