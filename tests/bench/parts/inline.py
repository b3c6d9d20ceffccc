"""One customer, everything in the request, beside one whose shop defers; the article's latencies.

The article's own list: payment 0.8 s, e-mail 2, PDF 3, three inventory systems 2, analytics 1,
partner 2, audit 1. Our PDFs are real and take milliseconds.
"""

import re
from collections.abc import Mapping

from tests.bench.crowds import Answer, Crowd
from tests.bench.customers import PROVIDER
from tests.bench.options import Options
from tests.bench.parts.checkouts import check
from tests.bench.progress import say
from tests.bench.results import Result, Row
from tests.bench.stage import staged
from tests.bench.statistics import at_least, at_most, middle
from tests.rig.stand_alone import Servers

LINE = re.compile(r"(\w+);dur=([\d.]+)")
OUR_SHARE = 0.05  # seconds, above what the provider takes
LESS = 0.9


def inline(servers: Servers, options: Options) -> Result:
    """The sum, line by line, and what is left of it."""
    result = Result("inline", "Inline and deferred, one customer, the article's latencies")
    say(f"inline: {options.inline} orders of some 12 s each")
    slow = visit(servers, options.inline, "tests.baselines.inline:application")
    say("inline: deferred, and waiting for every effect")
    quick = visit(servers, options.deferred, "config.wsgi")
    result.rows = list(lines(slow, quick))
    ours, theirs = quick.wait(50), slow.wait(50)
    result.marks = [
        at_most("deferred p50", ours, PROVIDER + OUR_SHARE, "s"),
        at_least("less waiting", 1 - ours / theirs, LESS),
    ]
    result.notes.append("inline: all within the request; deferred: all but the payment afterwards")
    result.notes.append(f"medians of {options.inline} inline and {options.deferred} deferred")
    return result


def visit(servers: Servers, orders: int, application: str) -> Crowd:
    """One customer, after a warm-up; counted everywhere."""
    with staged(servers, profile="article") as stage:
        shop = stage.shop(application)
        if application == "config.wsgi":
            stage.relay()
            stage.crew()
            stage.ready()
        warm = shop.crowd(1)
        crowd = shop.crowd(1, each=orders)
        check(stage, warm.orders + crowd.orders, drained=True)
    return crowd


def lines(slow: Crowd, quick: Crowd) -> list[Row]:
    """What an inline answer consists of; what the whole answer takes, both ways."""
    parts = [timing(answer) for answer in slow.answers]
    found: list[Row] = [
        {"line": name, "inline s": round(middle([part[name] for part in parts]), 3)}
        for name in parts[0]
    ]
    rest = middle([answer.seconds - sum(timing(answer).values()) for answer in slow.answers])
    found.append({"line": "the shop itself", "inline s": round(rest, 3)})
    both = {"inline s": round(slow.wait(50), 3), "deferred s": round(quick.wait(50), 3)}
    return [*found, {"line": "the answer, p50", **both}]


def timing(answer: Answer) -> Mapping[str, float]:
    """The Server-Timing header, in seconds."""
    return {name: float(took) / 1000 for name, took in LINE.findall(answer.timing)}
