"""Measures the shop on servers of its own. It fails when orders, rows and effects do not agree;
a missed mark is told, and is no failure.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace

PARTS = (
    "inline",
    "checkouts",
    "broker",
    "throughput",
    "large",
    "ledger",
    "relay",
    "burst",
    "waiting",
    "problems",
    "exports",
    "campaign",
    "login",
    "pages",
    "media",
    "search",
)


@dataclass(frozen=True)
class Options:
    """Which parts, and how much of each."""

    parts: tuple[str, ...]
    rounds: int = 3  # of everything that is compared
    burst: int = 120  # orders paid as fast as it goes
    steady: int = 25  # orders paid at a steady pace
    inline: int = 2  # orders of twelve seconds
    deferred: int = 8
    clicks: int = 2  # checkouts of each customer
    broker_rounds: int = 2
    large: tuple[int, ...] = (60, 200)  # tickets
    ledger: tuple[int, ...] = (1_000, 100_000, 1_000_000)  # older jobs
    due: int = 3_000  # jobs for the relay
    burst_seconds: float = 4.0  # of twenty times what can be done
    burst_clicks: int = 8
    drain_fast: int = 60  # orders
    drain_slow: int = 12
    paced: int = 100  # orders at the pace that everything on one machine is to keep up with
    at_once: int = 40
    deaths: int = 3  # of the worker whose jobs wait for others
    exported: int = 1_000_000  # orders; a tenth of them on paper
    beside: int = 40  # confirmations, in each round
    logins: int = 2_000  # requests for a mail that lets in
    searched: int = 100_000  # products
    searches: int = 40  # pages of each kind
    pages: int = 150  # requests for the first page, in each state of the cache and each round
    film: int = 2160  # the shorter side of the film that is uploaded
    film_seconds: int = 12
    settling: float = 3.0  # seconds before doing nothing is measured
    idle: float = 5.0


def quick(options: Options) -> Options:
    """Everything once and little of it: whether it runs, not how fast."""
    return replace(
        options,
        rounds=1,
        burst=30,
        steady=10,
        inline=1,
        deferred=3,
        clicks=1,
        broker_rounds=1,
        large=(60,),
        ledger=(1_000, 20_000),
        due=500,
        burst_seconds=0.5,
        burst_clicks=2,
        drain_fast=12,
        drain_slow=2,
        paced=15,
        at_once=8,
        deaths=1,
        exported=100_000,
        beside=8,
        logins=80,
        searched=5_000,
        searches=5,
        pages=15,
        film=720,
        film_seconds=4,
        idle=2.0,
    )


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Ends the program with a sentence when an argument makes no sense."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a smoke run: little of everything")
    parser.add_argument("--rounds", type=positive, help="how often compared ways take turns")
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    options = Options(tuple(part for part in PARTS if part in (given.parts or PARTS)))
    options = quick(options) if given.quick else options
    return replace(options, rounds=given.rounds) if given.rounds else options


def positive(text: str) -> int:
    """A number above nothing."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
