"""The switches: how each external service misbehaves at the moment."""

import asyncio
import secrets
import time
from dataclasses import dataclass

from sandbox.modes import CARRIERS, HINTS, MEANINGS, REFUSALS, Mode, modes_of
from sandbox.store import Store

__all__ = ["CARRIERS", "HINTS", "MEANINGS", "REFUSALS", "Fault", "Faults", "Mode", "modes_of"]

_ALWAYS = 100


@dataclass(frozen=True)
class Fault:
    """`rate` is the percentage of requests it strikes; `until` is Unix time, None for no end."""

    mode: Mode = Mode.OK
    rate: int = _ALWAYS
    until: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it ends by itself, None when it does not."""
        return None if self.until is None else max(0.0, self.until - time.time())


class Faults:
    """Kept in memory, and in the store so that a restart heals nobody."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = asyncio.Event()
        self._faults = {
            row["service"]: Fault(Mode(row["mode"]), row["rate"], row["until"])
            for row in store.rows("SELECT service, mode, rate, until FROM fault")
        }

    def set(self, service: str, fault: Fault) -> None:
        """Replace the external service's fault; requests that hang in the old one are let go."""
        self._faults[service] = fault
        self._store.write(
            "INSERT OR REPLACE INTO fault (service, mode, rate, until) VALUES (?, ?, ?, ?)",
            service,
            fault.mode.value,
            fault.rate,
            fault.until,
        )
        self._changed.set()
        self._changed = asyncio.Event()

    def of(self, service: str) -> Fault:
        """The fault in force now."""
        fault = self._faults.get(service, Fault())
        return Fault() if fault.seconds_left == 0 else fault

    def draw(self, service: str) -> Mode:
        """The mode that strikes this one request: its rate is decided anew each time."""
        fault = self.of(service)
        return fault.mode if secrets.randbelow(_ALWAYS) < fault.rate else Mode.OK

    async def wait_change(self, seconds: float) -> None:
        """Return when any fault was set, or after `seconds`."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return
