"""What a text must look like to be taken for something. No settings, no environment."""

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

WEB = ("http", "https")
LONGEST_NAME = 253
LABEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}")


def is_host(text: str) -> bool:
    """A name as DNS has it, or an address, an IPv6 one with or without its brackets."""
    try:
        return bool(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        labels = text.split(".")
        return len(text) <= LONGEST_NAME and all(LABEL.fullmatch(each) for each in labels)


def is_address(text: str, schemes: Collection[str]) -> bool:
    """Whether it can be called, and nothing stands behind its path. ValueError for a mad port."""
    parts = urlsplit(text)
    is_plain = not (parts.query or parts.fragment or set(text) & set(" \\<>\"'"))
    is_plain = is_plain and text.isascii() and not text.endswith(("?", "#"))
    return (
        parts.scheme in schemes and is_host(parts.hostname or "") and is_plain and parts.port != 0
    )


def is_month(text: str) -> bool:
    """`2026-01`."""
    return bool(re.fullmatch(r"(19[7-9][0-9]|2[0-9]{3})-(0[1-9]|1[0-2])", text, re.ASCII))


def whole(text: str) -> int:
    """ASCII digits, perhaps with a minus: int() takes more."""
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise ValueError(text)
    return int(text)
