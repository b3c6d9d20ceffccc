"""The journal: what each external service accepted, dropped as a repeat, or refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.services import SERVICES
from sandbox.store import Store

COUNTS = ("accepted", "repeats", "refused")
_COLUMNS = 'key, order_number AS "order", effect, accepted, repeats, refused, first_at, last_at'
_UPSERT = """
INSERT INTO entry (service, key, order_number, effect, {column}, first_at, last_at, answer)
VALUES (?, ?, ?, ?, 1, ?, ?, ?)
ON CONFLICT (service, key, order_number, effect) DO UPDATE
SET {column} = {change}, last_at = excluded.last_at, answer = max(answer, excluded.answer)
"""
_ACCEPT = _UPSERT.format(column="accepted", change="1")
_REPEAT = _UPSERT.format(column="repeats", change="repeats + 1")
_REFUSE = _UPSERT.format(column="refused", change="refused + 1")


class KeyReused(Exception):
    """The key was accepted before, for something else."""

    def __init__(self, seen: "Parcel") -> None:
        super().__init__(f"this key was accepted for {seen.effect} of {seen.order or 'no order'}")


@dataclass(frozen=True)
class Parcel:
    """What a receiver sees of a request: order and effect come from its content, not its key.

    `content` is all of it, for who does more with it than note it down.
    """

    key: str
    order: str
    effect: str
    content: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Journal:
    """Every method is one committed write: what it returns is on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def accept(self, service: str, parcel: Parcel, answer: dict[str, Any]) -> dict[str, Any]:
        """Accept once and return the answer; a repeat is counted and gets the first answer again.

        Raises KeyReused when the key was accepted for another order or effect: dropping that
        quietly would hide a lost effect (HTTP's Idempotency-Key draft, section 2.7, asks for 422).
        """
        first = self.accepted(service, parcel.key)
        if first is None:
            self._write(_ACCEPT, service, parcel, json.dumps(answer))
            return answer
        seen, first_answer = first
        if seen != parcel:
            raise KeyReused(seen)
        self.repeat(service, parcel)
        return first_answer

    def accepted(self, service: str, key: str) -> tuple[Parcel, dict[str, Any]] | None:
        """What was accepted under this key, and how it was answered."""
        row = self._store.row(
            "SELECT order_number, effect, answer FROM entry"
            " WHERE service = ? AND key = ? AND accepted = 1",
            service,
            key,
        )
        if row is None:
            return None
        return Parcel(key, row["order_number"], row["effect"]), json.loads(row["answer"])

    def repeat(self, service: str, parcel: Parcel) -> None:
        """Count one more arrival of something already answered."""
        self._write(_REPEAT, service, parcel)

    def refuse(self, service: str, parcel: Parcel) -> None:
        """Count a request that was turned away; its key may still be accepted later."""
        self._write(_REFUSE, service, parcel)

    def came_back(self, service: str, key: str) -> None:
        """What was accepted under this key is undone: the same may be accepted once more."""
        self._store.write(
            "UPDATE entry SET effect = effect || ' that came back'"
            " WHERE service = ? AND key = ? AND accepted = 1",
            service,
            key,
        )

    def entries_of(self, order: str = "") -> dict[str, list[dict[str, Any]]]:
        """Every entry by external service, oldest first; of one order when it is named."""
        only = ("WHERE order_number = ?", order) if order else ("",)
        sql = f"SELECT service, {_COLUMNS} FROM entry {only[0]} ORDER BY id"  # noqa: S608 constants only
        journal: dict[str, list[dict[str, Any]]] = {name: [] for name in SERVICES}
        for row in self._store.rows(sql, *only[1:]):
            entry = dict(row)
            journal[entry.pop("service")].append(entry)
        return journal

    def latest(self, count: int) -> list[dict[str, Any]]:
        """The entries touched last, newest first."""
        sql = f"SELECT service, {_COLUMNS} FROM entry ORDER BY last_at DESC, id DESC LIMIT ?"  # noqa: S608 constants only
        return [dict(row) for row in self._store.rows(sql, count)]

    def doubles(self) -> list[dict[str, Any]]:
        """Effects on an order that were accepted under more than one key."""
        rows = self._store.rows(
            "SELECT service, order_number, effect, json_group_array(key) AS keys FROM entry"
            " WHERE accepted = 1 AND order_number <> ''"
            " GROUP BY service, order_number, effect HAVING count(*) > 1"
        )
        return [
            {
                "service": row["service"],
                "order": row["order_number"],
                "effect": row["effect"],
                "keys": json.loads(row["keys"]),
            }
            for row in rows
        ]

    def totals(self) -> dict[str, dict[str, int]]:
        """Accepted, repeats and refused of each external service."""
        totals = {name: dict.fromkeys(COUNTS, 0) for name in SERVICES}
        for row in self._store.rows(
            "SELECT service, sum(accepted) AS accepted, sum(repeats) AS repeats,"
            " sum(refused) AS refused FROM entry GROUP BY service"
        ):
            totals[row["service"]] = {
                name: row[name] for name in ("accepted", "repeats", "refused")
            }
        return totals

    def _write(self, sql: str, service: str, parcel: Parcel, answer: str = "") -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._store.write(sql, service, parcel.key, parcel.order, parcel.effect, now, now, answer)
