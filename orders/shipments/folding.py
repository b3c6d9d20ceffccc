"""From all that was said of an order's parcels to how each stands. No database.

A correction of staff outranks all that its supplier said had happened before it, and of what
happened since everything that is no further. A notice of something later and further outranks it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress
from operator import not_

from orders.models import Shipment, ShipmentNotice
from orders.shipments.ranks import rank, weight

# So often a piece is sent, with what was lost or refused and is sent once more. Mails and SMS are
# bounded by it: a supplier may call any number of parcels lost.
MOST_TIMES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ParcelStatus:
    """How one parcel stands. `lines`: pieces by article number. `by`: who corrected it, if that
    holds. `excess`: with it, more would be sent than was ordered, or a piece too often.
    """

    name: str
    state: str
    since: datetime
    first: datetime
    lines: Mapping[str, int]
    carrier: str
    tracking_number: str
    tracking_url: str
    by: str
    excess: bool = False


def fold(said: Iterable[ShipmentNotice], ordered: Mapping[str, int]) -> list[ParcelStatus]:
    """Every parcel of one supplier for one order: the same of the same set, in any order.

    No more is sent than was ordered, and each piece at most so many times. Of parcels that are too
    many together, those that have come further are believed, then those that were named first.
    """
    by_name: dict[str, list[ShipmentNotice]] = {}
    for one in said:
        by_name.setdefault(one.shipment, []).append(one)
    statuses = [status_of(name, found) for name, found in by_name.items()]
    left, result = Counter(ordered), []
    times = Counter({sku: count * MOST_TIMES for sku, count in ordered.items()})
    for each in sorted(statuses, key=lambda one: (-rank(one.state), one.first, one.name)):
        holds = each.lines if each.state in Shipment.HOLDING else {}
        excess = _exceeds(left, holds) or _exceeds(times, each.lines)
        left.subtract({} if excess else holds)
        times.subtract({} if excess else each.lines)
        result.append(replace(each, excess=excess))
    return result


def _exceeds(left: Mapping[str, int], lines: Mapping[str, int]) -> bool:
    return any(left.get(sku, 0) < quantity for sku, quantity in lines.items())


def status_of(name: str, said: Sequence[ShipmentNotice]) -> ParcelStatus:
    """How a parcel stands, of which at least one thing was said."""
    ranked = in_force(said)
    first, tracked = ranked[0], next((one for one in ranked if one.says_tracking), ranked[0])
    return ParcelStatus(
        name=name,
        state=first.state,
        since=first.said_at,
        first=min(one.said_at for one in said),
        lines=next((one.lines for one in ranked if one.lines is not None), {}),
        carrier=tracked.carrier,
        tracking_number=tracked.tracking_number,
        tracking_url=tracked.tracking_url,
        by=first.by,
    )


def in_force(said: Sequence[ShipmentNotice]) -> list[ShipmentNotice]:
    """All of it, what decides first."""
    corrections = [one for one in said if one.by]
    if not corrections:
        return _best_first(said)
    last = max(corrections, key=lambda one: (one.said_at, one.name))
    told = [one for one in said if not one.by]
    outranks = [_outranks(one, last) for one in told]
    later, earlier = compress(told, outranks), compress(told, map(not_, outranks))
    return [*_best_first(later), last, *_best_first(earlier)]


def _outranks(told: ShipmentNotice, correction: ShipmentNotice) -> bool:
    """Only what happened since, and is further: a late notice of before changes nothing."""
    is_further = rank(told.state) > rank(correction.state)
    return is_further and told.said_at > correction.said_at


def _best_first(said: Iterable[ShipmentNotice]) -> list[ShipmentNotice]:
    return sorted(said, key=weight, reverse=True)
