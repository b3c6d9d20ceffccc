"""Kills the shop's processes, wipes its broker, restarts its database and lets the services fail
while orders are paid; then counts in the external services' own journals. The same for the shop
written with Celery alone, twice. `exports`: the same storm while the staff export orders, and each
file is compared with one made in peace. `campaign` and `media` count the mails of a campaign, and
what became of uploads. Exits with 1 when Halyard lost or doubled anything.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass

# Seconds until Valkey gives what a dead worker of the others held to another: an hour by default.
VISIBILITY = 45
SYSTEMS = ("halyard", "defaults", "acks_late")
# What is more than orders, when it is named.
MORE = ("exports", "campaign", "media")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How much of it, and which storm: everything random comes from `seed`."""

    seed: int
    orders: int = 1_000
    exports: int = 200
    recipients: int = 5_000
    uploads: int = 20
    pace: float = 4.0  # orders a second
    failing: int = 20  # per cent of what the external services are asked
    systems: tuple[str, ...] = SYSTEMS
    hurry: bool = False

    @property
    def lasts(self) -> float:
        """Seconds, as far as it depends on the pace."""
        return self.orders / self.pace


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Ends the program with a sentence when an argument makes no sense."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument(
        "systems",
        nargs="*",
        metavar="SYSTEM",
        help=f"some of: {', '.join(SYSTEMS)} (all); or {', '.join(MORE)}",
    )
    parser.add_argument("--orders", type=positive, default=Options.orders, help="default 1000")
    parser.add_argument(
        "--exports", type=positive, default=Options.exports, help="with `exports` (default 200)"
    )
    parser.add_argument(
        "--recipients",
        type=positive,
        default=Options.recipients,
        help="of the campaign, default 5000",
    )
    parser.add_argument(
        "--uploads", type=positive, default=Options.uploads, help="with `media` (default 20)"
    )
    parser.add_argument(
        "--pace", type=positive, default=Options.pace, help="orders a second (default 4)"
    )
    parser.add_argument("--seed", type=int, help="of an earlier run (default: a new one)")
    parser.add_argument(
        "--hurry",
        action="store_true",
        help="when the storm is over, bring forward what waits to be tried again",
    )
    given = parser.parse_args(arguments)
    if unknown := set(given.systems) - {*SYSTEMS, *MORE}:
        parser.error(f"no such system: {', '.join(sorted(unknown))}; there are {SYSTEMS + MORE}")
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    wanted = given.systems or SYSTEMS
    return Options(
        seed=seed,
        orders=given.orders,
        exports=given.exports,
        recipients=given.recipients,
        uploads=given.uploads,
        pace=given.pace,
        systems=tuple(name for name in (*SYSTEMS, *MORE) if name in wanted),
        hurry=given.hurry,
    )


def positive(text: str) -> int:
    """A number above nothing."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
