"""A worker is killed with all that it runs: when is that free, and when does it run again?"""

import time
from dataclasses import dataclass

from launcher.servers.process import wait_for
from tests.bench import truth
from tests.bench.parts.waiting.claims import Claims, claims_of, left
from tests.bench.producer import pay, place_orders
from tests.bench.runs import settle
from tests.bench.stage import Stage
from tests.rig.journals import repeats

VICTIM = "partners"
# So many orders make so many jobs that wait at the same time.
ORDERS, IN_FLIGHT = 10, 30
# Seconds. A layout that has no room for as many is killed with as many as it has.
FILLING, PATIENCE = 5.0, 120.0


@dataclass(frozen=True)
class Killed:
    """Seconds from the kill until all of its jobs were so; `running` is how many it had.

    `repeats`: effects that their receivers were told of again, and knew by their keys.
    """

    running: int
    unlocked: float
    given_back: float
    again: float
    repeats: int


def kill(stage: Stage) -> Killed:
    """Pay, kill the worker's main process amid the work, start it again at once, and look on.

    Differs when an effect is missing or doubled in the end.
    """
    placed = place_orders(ORDERS)
    numbers = [order.number for order in placed]
    pay(placed)
    wait_for(lambda: len(claims_of(VICTIM)) >= IN_FLIGHT, patience=FILLING)
    victim, began = stage.named(VICTIM), time.monotonic()
    victim.kill()
    victim.wait()
    claims = claims_of(VICTIM)
    stage.start_again()
    over = look_on(stage, claims, began)
    stage.ready()
    settle(stage, numbers)
    found = stage.journals()
    truth.whole(found, numbers)
    return Killed(
        running=len(claims),
        unlocked=over["locked"],
        given_back=over["claimed"],
        again=over["idle"],
        repeats=repeats(found, numbers),
    )


def look_on(stage: Stage, claims: Claims, began: float) -> dict[str, float]:
    """When nothing was left of each of the three."""
    over: dict[str, float] = {}

    def is_over() -> bool:
        found = left(claims)
        for what in found:
            if not found[what]:
                over.setdefault(what, time.monotonic() - began)
        return len(over) == len(found)

    assert wait_for(is_over, patience=PATIENCE), stage.logs()
    return over
