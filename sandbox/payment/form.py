"""Stripe's request bodies: `a[b][c]=v`, `a[0]=v`, everything a string."""

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox.payment.errors import PaymentError, invalid, missing

_NAME = re.compile(r"[^\[\]]+")
_DEEPEST = 5
_MOST_FIELDS = 500
_LARGEST_AMOUNT = 99_999_999  # Stripe: eight digits
_SMALLEST: dict[object, int] = {"eur": 50}  # of a charge
_MOST_METADATA = 50
_LONGEST_METADATA = 500

Params = dict[str, Any]


def decode(raw: str) -> Params:
    """Turn a form-encoded text into nested dicts; lists stay dicts keyed by their index."""
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise PaymentError(400, "Too many parameters.") from None
    params: Params = {}
    for number, (name, value) in enumerate(pairs):
        _put(params, _path(name, number), value)
    return params


def _path(name: str, number: int) -> list[str]:
    parts: list[str] = _NAME.findall(name)
    if name.endswith("[]"):
        parts.append(str(number))
    if not 0 < len(parts) <= _DEEPEST:
        raise PaymentError(400, f"Invalid parameter name: {name[:40]}")
    return parts


def _put(params: Params, path: list[str], value: str) -> None:
    *parents, last = path
    for parent in parents:
        params = params.setdefault(parent, {})
        if not isinstance(params, dict):
            raise PaymentError(400, f"Invalid parameter: {parent}")
    params[last] = value


def known(params: Params, *names: str) -> None:
    """Refuse what Stripe would not know either: a misspelt parameter must not pass here."""
    for name in params:
        if name not in names:
            raise invalid(name, f"Received unknown parameter: {name}", "parameter_unknown")


def text(params: Params, name: str) -> str | None:
    """Read a text; None when it is absent or empty."""
    value = params.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(name, f"Invalid string: {name}")
    return value or None


def amount(params: Params, name: str = "amount") -> int | None:
    """Read an amount in cents."""
    value = text(params, name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < len(str(_LARGEST_AMOUNT)) + 1):
        raise invalid(name, f"Invalid integer: {value[:20]}", "parameter_invalid_integer")
    if int(value) == 0:
        raise invalid(name, "This value must be greater than or equal to 1.")
    return int(value)


def required_amount(params: Params) -> int:
    """Read the amount that must be there, and be enough for a card."""
    cents = amount(params)
    if cents is None:
        raise missing("amount")
    if cents < _SMALLEST.get(params.get("currency"), 0):
        raise invalid("amount", "Amount must be at least €0.50 eur.", "amount_too_small")
    return cents


def currency(params: Params) -> str:
    """Read a currency code of three letters."""
    code = text(params, "currency")
    if code is None:
        raise missing("currency")
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise invalid("currency", f"Invalid currency: {code[:20]}")
    return code.lower()


def metadata(params: Params) -> dict[str, str]:
    """Read the caller's own notes."""
    notes = params.get("metadata") or {}
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise invalid("metadata", "Invalid metadata: it must be a flat hash")
    if len(notes) > _MOST_METADATA or any(len(note) > _LONGEST_METADATA for note in notes.values()):
        raise invalid("metadata", "Invalid metadata: too much of it")
    return notes


def flag(params: Params, name: str) -> bool:
    """Read a boolean as the SDK writes it."""
    return params.get(name) == "true"


def items(params: Params, name: str) -> list[str]:
    """Read a list of texts."""
    value = params.get(name) or {}
    found = value.values() if isinstance(value, dict) else [value]
    return [item for item in found if isinstance(item, str)]
