"""Runs the parts that were asked for, one after the other. Needs Django and the servers."""

from collections.abc import Mapping

from tests.bench.options import Options
from tests.bench.parts.broker import broker
from tests.bench.parts.burst import burst
from tests.bench.parts.campaign import campaign
from tests.bench.parts.checkouts import checkouts
from tests.bench.parts.exports.part import exports
from tests.bench.parts.inline import inline
from tests.bench.parts.large import large
from tests.bench.parts.ledger_size import ledger_size
from tests.bench.parts.login import login
from tests.bench.parts.media.part import media
from tests.bench.parts.pages.part import pages
from tests.bench.parts.problems import problems
from tests.bench.parts.relay import relay
from tests.bench.parts.search.part import search
from tests.bench.parts.throughput import throughput
from tests.bench.parts.waiting.part import waiting
from tests.bench.results import Result
from tests.bench.stage import prepare_database
from tests.bench.turns import Part, take_turns
from tests.rig.stand_alone import Servers

PARTS: Mapping[str, Part] = {
    "inline": inline,
    "checkouts": checkouts,
    "broker": broker,
    "throughput": throughput,
    "large": large,
    "ledger": ledger_size,
    "relay": relay,
    "burst": burst,
    "waiting": waiting,
    "problems": problems,
    "exports": exports,
    "campaign": campaign,
    "login": login,
    "pages": pages,
    "media": media,
    "search": search,
}


def run(servers: Servers, options: Options) -> list[Result]:
    """Everything that was measured."""
    prepare_database()
    return take_turns(PARTS, servers, options)
