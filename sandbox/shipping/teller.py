"""Suppliers' notices: signed (Standard Webhooks), repeated until acknowledged, in no fixed order.

The queue is in the store, so it outlives the process.
"""

import asyncio
import logging
import time
from datetime import UTC, datetime
from sqlite3 import Row

from aiohttp import ClientError, ClientSession, ClientTimeout
from standardwebhooks import Webhook

from sandbox.settings import Settings
from sandbox.store import Store

log = logging.getLogger("sandbox")

_PATIENCE = ClientTimeout(total=10)
_AT_ONCE = 8
_LONGEST_WAIT, _MOST_TRIES = 300.0, 40
_WRONG_SECRET = "whsec_YW5vdGhlciBzdXBwbGllcidzIHNlY3JldA=="  # noqa: S105 - wrong on purpose


class Teller:
    """Sleeps while there is nothing to tell."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._first_wait = 0.05 if settings.fast else 1.0
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Tell that something was planned."""
        self._bell.set()

    async def run(self) -> None:
        """Deliver until cancelled; without an address there is nothing to do."""
        if not self._settings.supplier_webhook_url:
            return
        async with ClientSession(timeout=_PATIENCE) as client:
            while True:
                self._bell.clear()
                await self.run_once(client)
                await self._rest()

    async def run_once(self, client: ClientSession) -> None:
        """Try every notice that is due, a few at a time."""
        due = self._store.rows(
            "SELECT * FROM shipping_tale WHERE told = 0 AND next_at <= ? ORDER BY next_at LIMIT ?",
            time.time(),
            _AT_ONCE,
        )
        await asyncio.gather(*(self._try(client, row) for row in due))

    async def _rest(self) -> None:
        next_at = self._store.value("SELECT min(next_at) FROM shipping_tale WHERE told = 0")
        seconds = None if next_at is None else max(0.0, next_at - time.time())
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return

    async def _try(self, client: ClientSession, row: Row) -> None:
        done = await self._deliver(client, row) or row["attempts"] >= _MOST_TRIES
        wait = min(self._first_wait * 2.0 ** min(row["attempts"], 20), _LONGEST_WAIT)
        self._store.write(
            "UPDATE shipping_tale SET told = ?, attempts = attempts + 1, next_at = ? WHERE id = ?",
            int(done),
            time.time() + wait,
            row["id"],
        )

    async def _deliver(self, client: ClientSession, row: Row) -> bool:
        url = f"{self._settings.supplier_webhook_url}/{row['service']}/notices/"
        headers = self._signed(row)
        try:
            async with client.post(
                url, data=row["body"].encode(), headers=headers, allow_redirects=False
            ) as reply:
                log.info("notice of the %s answered %d", row["service"], reply.status)
                return reply.ok and reply.status < 300
        except (ClientError, TimeoutError, OSError) as problem:
            log.info("notice of the %s failed: %r", row["service"], problem)
            return False

    def _signed(self, row: Row) -> dict[str, str]:
        secret = self._settings.supplier_secrets[row["service"]]
        now = datetime.now(UTC)
        hook = Webhook(_WRONG_SECRET if row["forged"] else secret)
        return {
            "Content-Type": "application/json",
            "webhook-id": row["name"],
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": hook.sign(row["name"], now, row["body"]),
        }
