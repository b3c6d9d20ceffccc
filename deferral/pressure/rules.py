"""When there is too much work: pure rules, no clock and no table. See `pressure`.

A queue's load is how many seconds behind it is. Depth alone says nothing: ten thousand quick jobs
are less than a hundred slow ones.
"""

import math
from collections.abc import Sequence
from enum import IntEnum

# Seconds behind at which a queue turns amber, and red.
AMBER_AT, RED_AT = 60.0, 300.0
# It is better again when it was below this part of the mark for so many seconds: no flicker.
CALM_BELOW, CALM_FOR = 0.7, 60.0
# A queue whose oldest job has waited for less keeps up: what it does in a minute is all there was
# to do, and says nothing of how much it could.
KEEPS_UP = 10.0
# Of what may be shed, so much is kept in an amber queue.
KEPT_OF = 10
# Bounds of what a refused request is told, in seconds, and how far apart they come back.
SOONEST, LATEST, STRETCH = 5, 600, 1.5


class Level(IntEnum):
    """How a queue is. The order counts: the worst of several is the highest."""

    GREEN = 0
    AMBER = 1
    RED = 2


def load_of(*, waiting: int, per_second: float, oldest: float) -> float:
    """Seconds until all that waits is done, or that the oldest has waited: whichever is more."""
    if oldest < KEEPS_UP or not per_second:
        return oldest
    return max(oldest, waiting / per_second)


def level_of(before: Level, load: float, lately: Sequence[float]) -> Level:
    """Up at once; down when all of the last minute's loads were well below the mark.

    `lately` are the loads of the last CALM_FOR seconds, this one too; empty while it is not known
    that far back.
    """
    now = Level.RED if load >= RED_AT else Level.AMBER if load >= AMBER_AT else Level.GREEN
    if now >= before:
        return now
    mark = RED_AT if before is Level.RED else AMBER_AT
    is_calm = bool(lately) and max(lately) < CALM_BELOW * mark
    return max(now, Level.AMBER) if is_calm and before is Level.RED else now if is_calm else before


def come_back_in(load: float, luck: float) -> int:
    """Seconds after which a refused request is worth another try. `luck` is between 0 and 1."""
    wait = load * (1 + luck * (STRETCH - 1))
    return math.ceil(min(max(wait, SOONEST), LATEST))
