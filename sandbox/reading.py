"""Read what an external service sees of a request, trusting nothing in it."""

import json
from collections.abc import Mapping
from typing import Any

_LONGEST_KEY = 255  # Stripe's limit
_LONGEST_TEXT = 500


class Unreadable(Exception):
    """The request is not what this external service takes."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")


def read_key(headers: Mapping[str, str], name: str = "Idempotency-Key") -> str:
    """Read the sender's key: printable ASCII, and there must be one."""
    key = headers.get(name, "").strip()
    if not key:
        raise Unreadable(name, "is missing: this header names the effect")
    if len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Unreadable(name, f"must be printable ASCII, at most {_LONGEST_KEY} characters")
    return key


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("the body", "is not JSON") from None
    if not isinstance(body, dict):
        raise Unreadable("the body", "is not a JSON object")
    return body


def read_text(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    """Read one string field, cut to a sane length and safe to store."""
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise Unreadable(name, "must be a text")
    return storable(value)


def read_order(body: Mapping[str, Any], *, required: bool = True) -> str:
    """Read which order it is about: its number for people, where one is told beside its name."""
    name = "number" if "number" in body else "order"
    return read_text(body, name, required=required)


def storable(text: str) -> str:
    """Replace what no database takes (lone surrogates, NUL), and cut."""
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip()[:_LONGEST_TEXT]
