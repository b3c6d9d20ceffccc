"""The story of one reservation: which parcels there will be, and what is told of each, and when."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sandbox.fault_switches import Mode

Lines = list[dict[str, Any]]

# What happens, and how many seconds after the order.
STEPS = (
    ("shipment.announced", 3.0),
    ("shipment.packed", 8.0),
    ("shipment.on_its_way", 14.0),
    ("shipment.delivered", 40.0),
)
# When each is told. Also of a supplier that behaves some notices overtake others.
TOLD, LAST_FIRST = (3.0, 17.0, 14.0, 40.0), (46.0, 44.0, 42.0, 40.0)
# Of that supplier this one comes twice.
TOLD_TWICE = "shipment.on_its_way"
# Seconds between two parcels, and between a notice and its repetition.
NEXT_PARCEL, AGAIN = 20.0, 2.0
# So much quicker is the fast profile: all of it is over in about a second.
FAST = 0.02
FOREIGN = "H-1-notyours"
CARRIER, FOLLOWED_AT = "Harbour Post", "https://post.halyard.example/follow/"


@dataclass(frozen=True, kw_only=True)
class Tale:
    """One notice that will be sent. `happens`, `told`: seconds from now."""

    name: str
    body: str
    happens: float
    told: float
    forged: bool = False


def parcels_of(lines: Lines) -> list[Lines]:
    """What goes into each parcel: the first line by itself where there are several."""
    return [lines[:1], lines[1:]] if len(lines) > 1 else [lines]


def tales_of(order: str, lines: Lines, mode: Mode, *, fast: bool) -> list[Tale]:
    """Every notice about one reservation, in the way that `mode` says."""
    found = []
    for number, parcel in enumerate(parcels_of(lines)):
        name = f"P-{secrets.token_hex(4)}"
        later = NEXT_PARCEL * number
        found += _of_parcel(order, name, parcel, mode, later=later, fast=fast)
    return found


def _of_parcel(
    order: str, parcel: str, lines: Lines, mode: Mode, *, later: float, fast: bool
) -> list[Tale]:
    pace = FAST if fast else 1.0
    moments = LAST_FIRST if mode is Mode.NOTICES_DISORDERED else TOLD
    about = FOREIGN if mode is Mode.NOTICES_FOREIGN else order
    tales = []
    for (kind, happens), told in zip(STEPS, moments, strict=True):
        is_twice = kind == TOLD_TWICE or mode is Mode.NOTICES_TWICE
        one = Tale(
            name=f"notice_{secrets.token_hex(12)}",
            body=notice(kind, about, parcel, lines, at=(happens + later) * pace),
            happens=(happens + later) * pace,
            told=(told + later) * pace,
            forged=mode is Mode.NOTICES_FORGED,
        )
        again = replace(one, told=one.told + AGAIN * pace)
        tales += [one, again] if is_twice else [one]
    return tales


def notice(kind: str, order: str, parcel: str, lines: Lines, *, at: float) -> str:
    """As the supplier writes it. `at`: seconds from now at which it will have happened."""
    moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + at, UTC)
    data: dict[str, Any] = {"order": order, "shipment": parcel, "lines": lines}
    if kind not in {"shipment.announced", "shipment.packed"}:
        data |= {"carrier": CARRIER, "tracking_number": parcel.upper()}
        data["tracking_url"] = f"{FOLLOWED_AT}{parcel}"
    return json.dumps({"type": kind, "timestamp": moment.isoformat(), "data": data})
