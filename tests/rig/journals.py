"""The receivers' own journals: what they have accepted, whatever we believe."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tests.rig.running_sandbox import Sandbox

Row = dict[str, Any]
Journals = Mapping[str, list[Row]]  # by receiver


def journals(sandbox: Sandbox, order: str = "") -> Journals:
    """Of everybody; about one order when it is named."""
    found: Journals = sandbox.get(f"/ledger.json?order={order}" if order else "/ledger.json")
    return found


def rows(found: Journals) -> Iterator[tuple[str, Row]]:
    """Each row with its receiver's name."""
    return ((receiver, row) for receiver, entries in found.items() for row in entries)


def accepted(sandbox: Sandbox, order: str) -> dict[tuple[str, str], int]:
    """(receiver, effect) -> under how many keys it was accepted, for one order."""
    counts = accepted_of(journals(sandbox, order), {order})
    return {(receiver, effect): count for (_, receiver, effect), count in (+counts).items()}


def accepted_of(found: Journals, orders: Collection[str]) -> Counter[tuple[str, str, str]]:
    """(order, receiver, effect) -> the same, for several."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for receiver, row in rows(found):
        if row["order"] in orders:
            counts[row["order"], receiver, row["effect"]] += row["accepted"]
    return counts


def repeats(found: Journals, orders: Collection[str]) -> int:
    """How often a receiver got what it had already, about these orders."""
    return sum(row["repeats"] for _, row in rows(found) if row["order"] in orders)
