"""What can be asked of the benchmark."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

PARTS = ("throughput",)


@dataclass(frozen=True)
class Options:
    """Which parts, and how many orders in each."""

    parts: tuple[str, ...]
    rounds: int
    burst: int
    steady: int


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Ends the program with a sentence when an argument makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a smoke run: few orders, one round")
    parser.add_argument("--rounds", type=int, help="how often the compared ways take turns [3]")
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    parts = tuple(part for part in PARTS if part in (given.parts or PARTS))
    if given.quick:
        return Options(parts, rounds=given.rounds or 1, burst=30, steady=10)
    return Options(parts, rounds=given.rounds or 3, burst=150, steady=40)
