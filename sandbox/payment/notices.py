"""The provider's webhooks: signed, repeated until acknowledged, in no particular order.

The queue is in the store, so it outlives the process. Stripe keeps trying for three days; so do we.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import time

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.settings import Settings
from sandbox.store import Store

log = logging.getLogger("sandbox")

_PATIENCE = ClientTimeout(total=10)
_AT_ONCE = 8
_LONGEST_WAIT = 300.0
_GIVE_UP_AFTER = 3 * 24 * 3600.0


class Notifier:
    """Sleeps while there is nothing to deliver."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._url = settings.payment_webhook_url
        self._secret = settings.payment_webhook_secret.encode()
        # One second, then doubling; the fast profile starts at fifty milliseconds.
        self._first_wait = 0.05 if settings.fast else 1.0
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Tell that an event was queued."""
        self._bell.set()

    async def run(self) -> None:
        """Deliver until cancelled; without an address there is nothing to do."""
        if not self._url:
            return
        async with ClientSession(timeout=_PATIENCE) as client:
            while True:
                self._bell.clear()
                await self.run_once(client)
                await self._rest()

    async def run_once(self, client: ClientSession) -> None:
        """Try every delivery that is due, a few at a time."""
        due = self._store.rows(
            "SELECT event_id, attempts FROM payment_delivery WHERE next_at <= ?"
            " ORDER BY next_at LIMIT ?",
            time.time(),
            _AT_ONCE,
        )
        await asyncio.gather(*(self._try(client, row["event_id"], row["attempts"]) for row in due))

    async def _rest(self) -> None:
        next_at = self._store.value("SELECT min(next_at) FROM payment_delivery")
        seconds = None if next_at is None else max(0.0, next_at - time.time())
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return

    async def _try(self, client: ClientSession, event_id: str, attempts: int) -> None:
        body = self._store.value("SELECT body FROM payment_object WHERE id = ?", event_id)
        if await self._deliver(client, body) or _too_old(body):
            self._store.write("DELETE FROM payment_delivery WHERE event_id = ?", event_id)
            return
        wait = min(self._first_wait * 2.0 ** min(attempts, 20), _LONGEST_WAIT)
        self._store.write(
            "UPDATE payment_delivery SET attempts = attempts + 1, next_at = ? WHERE event_id = ?",
            time.time() + wait,
            event_id,
        )

    async def _deliver(self, client: ClientSession, body: str) -> bool:
        headers = {"Content-Type": "application/json", "Stripe-Signature": sign(self._secret, body)}
        try:
            async with client.post(
                self._url, data=body.encode(), headers=headers, allow_redirects=False
            ) as reply:
                log.info("payment webhook answered %d", reply.status)
                return reply.ok and reply.status < 300
        except (ClientError, TimeoutError, OSError) as problem:
            log.info("payment webhook failed: %r", problem)
            return False


def sign(secret: bytes, body: str) -> str:
    """Sign as docs.stripe.com/webhooks#verify-manually says."""
    now = int(time.time())
    digest = hmac.new(secret, f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"


def _too_old(body: str) -> bool:
    return time.time() - float(json.loads(body)["created"]) > _GIVE_UP_AFTER
