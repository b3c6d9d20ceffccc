"""The figures of a statement, and of a month: plain JSON, which is frozen as it is.

    {"name": …, "entries": [[moment, what, number, detail, currency, cents], …], "more": 0,
     "sums": {"eur": {"order": [2, 4900], "payment": [2, 4900], "refund": [1, 900],
                      "return": [0, 0], "taxes": {"1900": [4900, 782]}}}}

A pair is a number of entries and their cents; taxes are, by basis points, gross cents and the tax
in them. A month has its sums alone, and how many statements they are made of.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reports.statements.entries import Entry

Content = dict[str, Any]
Sums = dict[str, Any]
KINDS = ("order", "payment", "refund", "return")
# Twenty pages. All of them are in the sums, and in an export of the orders.
MOST_ENTRIES = 500


def content_of(entries: Sequence[Entry]) -> Content:
    """Of one customer's entries, at least one."""
    listed = entries[:MOST_ENTRIES]
    return {
        "name": entries[-1].name,
        "entries": [_listed(entry) for entry in listed],
        "more": len(entries) - len(listed),
        "sums": sums_of(entries),
    }


def _listed(entry: Entry) -> list[Any]:
    at = entry.at.isoformat()
    return [at, entry.what, entry.number, entry.detail, entry.currency, entry.cents]


def sums_of(entries: Iterable[Entry]) -> Sums:
    """By currency."""
    found: Sums = {}
    for entry in entries:
        sums = found.setdefault(entry.currency, nothing())
        _add(sums[entry.what], [1, entry.cents])
        for points, gross, tax in entry.taxes:
            _add(sums["taxes"].setdefault(str(points), [0, 0]), [gross, tax])
    return found


def together(many: Iterable[Mapping[str, Any]]) -> Sums:
    """The sums of many sums."""
    found: Sums = {}
    for one in many:
        for currency, sums in one.items():
            whole = found.setdefault(currency, nothing())
            for kind in KINDS:
                _add(whole[kind], sums[kind])
            for points, pair in sums["taxes"].items():
                _add(whole["taxes"].setdefault(points, [0, 0]), pair)
    return found


def nothing() -> Sums:
    """No entry."""
    return {kind: [0, 0] for kind in KINDS} | {"taxes": {}}


def _add(pair: list[int], more: Sequence[int]) -> None:
    pair[0] += more[0]
    pair[1] += more[1]
