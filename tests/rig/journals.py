"""The strangers' own books: what they have accepted, whatever we believe."""

from collections import Counter
from typing import Any

from tests.rig.running_sandbox import Sandbox


def accepted(strangers: Sandbox, order: str) -> dict[tuple[str, str], int]:
    """(stranger, effect) -> how many keys it was accepted under, for one order."""
    counts: Counter[tuple[str, str]] = Counter()
    for stranger, row in book(strangers, order):
        counts[stranger, row["effect"]] += row["accepted"]
    return dict(+counts)


def book(strangers: Sandbox, order: str) -> list[tuple[str, dict[str, Any]]]:
    """The order's rows, each with its stranger's name."""
    found = strangers.get(f"/ledger.json?order={order}")
    return [(stranger, row) for stranger, rows in found.items() for row in rows]
