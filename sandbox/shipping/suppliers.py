"""Suppliers that carry things: their stories are kept, and they answer when they are asked."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.fault_switches import CARRIERS, Mode
from sandbox.journal import Parcel
from sandbox.settings import Settings
from sandbox.shipping.stories import tales_of
from sandbox.store import Store

MUTE = frozenset({Mode.NOTICES_SILENT, Mode.NOTICES_NEVER})


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
            self.store.write(
                "DELETE FROM shipping_tale WHERE service = ? AND order_ref = ? AND told = 0"
                " AND happens > ?",
                service,
                order,
                time.time(),
            )
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

    def known_of(self, service: str, order: str) -> list[dict[str, Any]]:
        """How each parcel of the order stands by now: what it would tell last."""
        rows = self.store.rows(
            "SELECT body FROM shipping_tale WHERE service = ? AND order_ref = ? AND happens <= ?"
            " ORDER BY happens, id",
            service,
            order,
            time.time(),
        )
        told = [json.loads(row["body"]) for row in rows]
        return list({one["data"]["shipment"]: one for one in told}.values())
