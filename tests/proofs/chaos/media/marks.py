"""What a storm has to keep: also that there was one."""

from dataclasses import dataclass

from tests.bench.statistics import Mark, at_least, at_most
from tests.proofs.chaos.media.count import Found

# Of all files so many may be given up: what is told is not lost, and is not made either.
MOST_DEAD = 0.2


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Counts. `workers` and `ffmpegs` were killed, `orphans` are ffmpegs without a worker."""

    asked: int
    taken: int
    files: int
    found: Found
    failed: int
    orphans: int
    ffmpegs: int
    workers: int
    repeats: int


def marks(statistics: Statistics) -> list[Mark]:
    """The storm stands if all of them are met."""
    found = statistics.found
    return [
        at_least("uploads", statistics.taken, statistics.asked),
        at_most("lost", len(found.lost), 0),
        at_most("doubled", len(found.doubled), 0),
        at_most("ffmpegs without a worker", statistics.orphans, 0),
        at_most("files that nobody needs", len(found.stray), 0),
        at_most("given up, of all files", len(found.dead), MOST_DEAD * statistics.files),
        at_most("the same mail once more", statistics.repeats, statistics.workers),
        at_least("ffmpegs killed", statistics.ffmpegs, 1),
        at_least("calls failed", statistics.failed, 1),
    ]
