"""What the payment provider remembers: its objects, and the events that tell of them."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from sandbox.payment.errors import no_such
from sandbox.store import Store

Thing = dict[str, Any]
_PREFIXES = {"payment_intent": "pi", "charge": "ch", "refund": "re", "event": "evt"}
API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True)
class PaymentObjects:
    """Writes belong in the caller's transaction. `tells`: a webhook address waits for events.

    `site` is where a customer's browser finds us.
    """

    store: Store
    tells: bool
    site: str

    def new(self, kind: str, **fields: object) -> Thing:
        """Make an object; nothing is kept before `save`."""
        return {
            "id": f"{_PREFIXES[kind]}_{secrets.token_hex(12)}",
            "object": kind,
            "created": int(time.time()),
            "livemode": False,
            **fields,
        }

    def save(self, thing: Thing) -> None:
        """Keep an object as it is now."""
        self.store.write(
            "INSERT INTO payment_object (id, kind, created, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            thing["id"],
            thing["object"],
            thing["created"],
            json.dumps(thing),
        )

    def find(self, kind: str, name: str) -> Thing | None:
        """Look an object up."""
        body = self.store.value(
            "SELECT body FROM payment_object WHERE id = ? AND kind = ?", name, kind
        )
        return None if body is None else json.loads(body)

    def get(self, kind: str, name: str, *, param: str = "id", status: int = 404) -> Thing:
        """Look an object up that must exist."""
        thing = self.find(kind, name)
        if thing is None:
            raise no_such(kind, name, param=param, status=status)
        return thing

    def emit(self, kind: str, thing: Thing) -> None:
        """Record that something happened, and queue it for the webhook."""
        event = self.new(
            "event",
            type=kind,
            api_version=API_VERSION,
            data={"object": thing},
            pending_webhooks=int(self.tells),
            request={"id": None, "idempotency_key": None},
        )
        self.save(event)
        if self.tells:
            self.store.write(
                "INSERT INTO payment_delivery (event_id, next_at) VALUES (?, ?)",
                event["id"],
                time.time(),
            )
