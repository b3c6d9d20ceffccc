"""The switches: how each external service misbehaves at the moment."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum

from sandbox.store import Store

_ALWAYS = 100


class Mode(StrEnum):
    """Ways to misbehave. See MEANINGS for what each does to one request."""

    OK = "ok"
    UNAVAILABLE = "503"
    BROKEN = "500"
    BAD_REQUEST = "400"
    GONE = "410"
    SLOW = "slow"
    HANG = "hang"
    RESET = "reset"
    LOST_REPLY = "lost-reply"
    # Of the payment provider alone.
    REFUND_FAILS = "refund-fails"
    REFUND_PENDING = "refund-pending"
    REFUND_PENDING_FAILS = "refund-pending-fails"
    REFUND_COMES_BACK = "refund-comes-back"
    # Of the suppliers that carry things.
    NOTICES_SILENT = "notices-silent"
    NOTICES_NEVER = "notices-never"
    NOTICES_TWICE = "notices-twice"
    NOTICES_DISORDERED = "notices-disordered"
    NOTICES_FORGED = "notices-forged"
    NOTICES_FOREIGN = "notices-foreign"


REFUSALS = {Mode.UNAVAILABLE: 503, Mode.BROKEN: 500, Mode.BAD_REQUEST: 400, Mode.GONE: 410}
MEANINGS = {
    Mode.OK: "behaves",
    Mode.UNAVAILABLE: "answers 503 (mail: 451): come again",
    Mode.BROKEN: "answers 500 (mail: 451); a payment's key is answered so for ever",
    Mode.BAD_REQUEST: "answers 400 (mail: 550): never come again with this",
    Mode.GONE: "answers 410 (mail: 550): the address is gone",
    Mode.SLOW: "takes 5 s more, then accepts",
    Mode.HANG: "never answers, accepts nothing",
    Mode.RESET: "drops the connection, accepts nothing",
    Mode.LOST_REPLY: "accepts, then drops the connection",
    Mode.REFUND_FAILS: "answers 200 to a refund, whose status is failed",
    Mode.REFUND_PENDING: "takes a refund on as pending; a little later it succeeds",
    Mode.REFUND_PENDING_FAILS: "takes a refund on as pending; a little later it fails",
    Mode.REFUND_COMES_BACK: "says that a refund succeeded; a little later it fails",
    Mode.NOTICES_SILENT: "accepts, tells nothing of its parcels, answers when asked",
    Mode.NOTICES_NEVER: "accepts, sends nothing, knows of nothing when asked",
    Mode.NOTICES_TWICE: "tells everything of its parcels twice",
    Mode.NOTICES_DISORDERED: "tells that a parcel arrived first, that it was announced last",
    Mode.NOTICES_FORGED: "signs what it tells with another's secret",
    Mode.NOTICES_FOREIGN: "tells of parcels for an order that is not the shop's",
}
OF_PAYMENT = frozenset(mode for mode in Mode if mode.startswith("refund-"))
OF_CARRIERS = frozenset(mode for mode in Mode if mode.startswith("notices-"))
CARRIERS = frozenset({"print-room", "warehouse"})

# The same on a button.
HINTS = {
    Mode.OK: "behaves",
    Mode.UNAVAILABLE: "not now",
    Mode.BROKEN: "breaks",
    Mode.BAD_REQUEST: "refuses it",
    Mode.GONE: "is gone",
    Mode.SLOW: "5 s more",
    Mode.HANG: "no answer",
    Mode.RESET: "hangs up",
    Mode.LOST_REPLY: "takes it, hangs up",
    Mode.REFUND_FAILS: "fails at once",
    Mode.REFUND_PENDING: "takes a while",
    Mode.REFUND_PENDING_FAILS: "fails after all",
    Mode.REFUND_COMES_BACK: "done, then failed",
    Mode.NOTICES_SILENT: "asked only",
    Mode.NOTICES_NEVER: "nothing sent",
    Mode.NOTICES_TWICE: "each twice",
    Mode.NOTICES_DISORDERED: "last first",
    Mode.NOTICES_FORGED: "wrong secret",
    Mode.NOTICES_FOREIGN: "another's order",
}


def modes_of(service: str) -> list[Mode]:
    """The ways in which this one can misbehave."""
    others = {Mode.OK} if service in CARRIERS else OF_CARRIERS
    others |= {Mode.OK} if service == "payment" else OF_PAYMENT
    return [mode for mode in Mode if mode is Mode.OK or mode not in others]


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
