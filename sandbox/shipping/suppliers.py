"""Suppliers that carry things: their stories are kept, and they answer when they are asked."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.fault_switches import CARRIERS, Mode
from sandbox.journal import Parcel
from sandbox.settings import Settings
from sandbox.shipping.stories import Lines, tales_of
from sandbox.store import Store

MUTE = frozenset({Mode.NOTICES_SILENT, Mode.NOTICES_NEVER})

# What has not happened, told or not: one that is silent has it all as told.
AHEAD = "FROM shipping_tale WHERE service = ? AND order_ref = ? AND happens > ?"


@dataclass(frozen=True)
class Shipping:
    """Every method is called in a transaction of whoever accepts something."""

    store: Store
    settings: Settings

    def accepted(self, service: str, parcel: Parcel, mode: Mode) -> None:
        """A reservation was accepted: plan what is told of it. A release calls off what is left."""
        if service not in CARRIERS or not self.settings.supplier_secrets.get(service):
            return
        order = str(parcel.content.get("order", ""))
        if parcel.effect == "release":
            self.store.write(f"DELETE {AHEAD}", service, order, time.time())
        if parcel.effect.startswith("release of "):
            self._call_off(service, order, parcel.content)
        if parcel.effect == "reservation" and mode is not Mode.NOTICES_NEVER:
            self._plan(service, order, parcel.content, mode)

    def _plan(self, service: str, order: str, content: Mapping[str, Any], mode: Mode) -> None:
        lines = [{"sku": one["sku"], "quantity": one["quantity"]} for one in content["lines"]]
        now = time.time()
        for tale in tales_of(order, lines, mode, fast=self.settings.fast):
            self.store.write(
                "INSERT INTO shipping_tale"
                " (service, order_ref, name, body, happens, next_at, forged, told)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                service,
                order,
                tale.name,
                tale.body,
                now + tale.happens,
                now + tale.told,
                int(tale.forged),
                int(mode in MUTE),
            )

    def _call_off(self, service: str, order: str, content: Mapping[str, Any]) -> None:
        """A part: it is taken out of parcels that have not left. One that is empty then is none."""
        off = {one["sku"]: one["quantity"] for one in content["lines"]}
        left = {
            told["data"]["shipment"]
            for told in self._happened(service, order)
            if told["type"] == "shipment.on_its_way"
        }
        for row in self.store.rows(f"SELECT id, body {AHEAD}", service, order, time.time()):
            told = json.loads(row["body"])
            if told["data"]["shipment"] in left:
                continue
            told["data"]["lines"] = without(told["data"]["lines"], off)
            sql = "UPDATE shipping_tale SET body = ? WHERE id = ?"
            if told["data"]["lines"]:
                self.store.write(sql, json.dumps(told), row["id"])
            else:
                self.store.write("DELETE FROM shipping_tale WHERE id = ?", row["id"])

    def known_of(self, service: str, order: str) -> list[dict[str, Any]]:
        """How each parcel of the order stands by now: what it would tell last."""
        told = self._happened(service, order)
        return list({one["data"]["shipment"]: one for one in told}.values())

    def _happened(self, service: str, order: str) -> list[dict[str, Any]]:
        rows = self.store.rows(
            "SELECT body FROM shipping_tale WHERE service = ? AND order_ref = ? AND happens <= ?"
            " ORDER BY happens, id",
            service,
            order,
            time.time(),
        )
        return [json.loads(row["body"]) for row in rows]


def without(lines: Lines, off: Mapping[str, int]) -> Lines:
    """What is left of these lines."""
    rest = [one | {"quantity": one["quantity"] - off.get(one["sku"], 0)} for one in lines]
    return [one for one in rest if one["quantity"] > 0]
