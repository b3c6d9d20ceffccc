"""What an address that somebody typed in says, before anybody is called or asked where it leads."""

import re
from urllib.parse import SplitResult, urlsplit

import requests
from django.conf import settings

PORTS = {"http": 80, "https": 443}
# Where these stand, two parsers may find two hosts in one address.
AMBIGUOUS = re.compile(r"[\\\s\x00-\x1f\x7f]")


def is_allowed(url: str) -> bool:
    """https; or one of the few private addresses that the settings name, which may speak http."""
    return _host(url) != "" and (_parts(url).scheme == "https" or is_private(url))


def is_private(url: str) -> bool:
    """Whether the settings name it as one of ours that may be called."""
    return _host(url) in settings.WEBHOOK_PRIVATE_HOSTS


def host_and_port(url: str) -> tuple[str, int]:
    """Of the address as it would be called. `("", 0)` for what is none of the web, or is ambiguous.

    So is one with somebody's name and password in it.
    """
    try:
        parts = _parts(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return "", 0
    is_plain = parts.hostname and "@" not in parts.netloc and not AMBIGUOUS.search(url)
    return (parts.hostname or "", port) if is_plain else ("", 0)


def place_of(url: str) -> str:
    """Scheme and host, for whoever need not know the rest: there may be a password in it."""
    host, _ = host_and_port(url)
    return f"{_parts(url).scheme}://{host}" if host else "its address"


def _parts(url: str) -> SplitResult:
    """As the connection is made: by what `requests` makes of the text. ValueError."""
    return urlsplit(requests.Request("POST", url).prepare().url or "")


def _host(url: str) -> str:
    host, port = host_and_port(url)
    return f"{host}:{port}" if host else ""
