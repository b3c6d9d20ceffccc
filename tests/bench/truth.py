"""Whether everybody counts the same: the client, the shop's rows, the external services' journals.

A benchmark that loses work is quick for the wrong reason, so that any difference ends it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from tests.rig.journals import Journals, accepted_of, rows
from tests.rig.owed_effects import CHARGE, RESERVED, when_paid

# What every order of `producer.basket` owes the world, each exactly once.
OWED = [owed.name for owed in when_paid(*RESERVED, charged=False)]
CHARGED = CHARGE.name


class Differs(Exception):
    """Two counts of the same thing are not the same."""


def same(what: str, **counts: int) -> int:
    """The number everybody agrees on. Differs, naming all of them, when somebody does not."""
    if len(set(counts.values())) != 1:
        said = ", ".join(f"{who.replace('_', ' ')} {count}" for who, count in counts.items())
        msg = f"{what} are counted differently: {said}."
        raise Differs(msg)
    return next(iter(counts.values()))


def whole(
    found: Journals, orders: Collection[str], *, charged: bool = False, but: Collection[str] = ()
) -> None:
    """Every order has each effect exactly once in the services' journals. Differs otherwise.

    `but` names external services that are not counted.
    """
    owed = owed_but(but) + [CHARGED] * charged
    counts = accepted_of(found, orders)
    wrong = [
        f"{order}: {service} {effect} x{counts[order, service, effect]}"
        for order in sorted(orders)
        for service, effect in owed
        if counts[order, service, effect] != 1
    ]
    if wrong:
        msg = f"{len(wrong)} effects are not there exactly once: {'; '.join(wrong[:5])}."
        raise Differs(msg)


def owed_but(services: Collection[str]) -> list[tuple[str, str]]:
    """What an order owes all the others."""
    return [effect for effect in OWED if effect[0] not in services]


def moments(found: Journals, orders: Collection[str], service: str = "") -> dict[str, float]:
    """When each order's last effect was first accepted (by one service when named): epoch."""
    latest: dict[str, float] = {}
    for order, at in arrivals(found, orders, service):
        latest[order] = max(at, latest.get(order, 0.0))
    return latest


def arrivals(
    found: Journals, orders: Collection[str], service: str = ""
) -> Iterator[tuple[str, float]]:
    """Order and moment of each effect, as it was first accepted: epoch."""
    for name, row in rows(found):
        if service in {"", name} and row["order"] in orders and row["accepted"]:
            yield row["order"], datetime.fromisoformat(row["first_at"]).timestamp()
