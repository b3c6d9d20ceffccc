"""What happens when: the same for the same seed, whatever the machine does meanwhile."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.proofs.chaos.options import Options

Act = Literal["child", "worker", "relay", "wipe", "database", "fail", "outage", "over"]
# Every second or two, one of these.
VICTIMS: tuple[Act, ...] = ("child", "child", "worker", "relay")
KILL_EVERY = (1.0, 2.0)
FAIL_EVERY = 10.0
# As shares of the storm.
WIPES, RESTART, OUTAGE = (0.3, 0.75), 0.5, (0.55, 0.65)


@dataclass(frozen=True, order=True)
class Deed:
    """At so many seconds. `dice` decides which process, or how the external services fail."""

    at: float
    act: Act
    dice: float


def plan(options: Options) -> list[Deed]:
    """All deeds in their order."""
    chance = random.Random(options.seed)  # noqa: S311  a storm, not a secret
    return sorted(Deed(at, act, chance.random()) for at, act in moments(chance, options.lasts))


def moments(chance: random.Random, lasts: float) -> Iterator[tuple[float, Act]]:
    """When, and what."""
    at = 0.0
    while (at := at + chance.uniform(*KILL_EVERY)) < lasts:
        yield at, chance.choice(VICTIMS)
    yield from ((number * FAIL_EVERY, "fail") for number in range(int(lasts / FAIL_EVERY) + 1))
    yield from ((share * lasts, "wipe") for share in WIPES)
    yield RESTART * lasts, "database"
    down, up = OUTAGE
    yield down * lasts, "outage"
    yield up * lasts, "over"
