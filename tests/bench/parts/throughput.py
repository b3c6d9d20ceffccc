"""Orders settled per second until every effect is done, beside the same in plain Celery.

Rounds are interleaved, so that a slow minute of the machine meets everybody; ratios are taken
between medians of the same run only.
"""

from collections import defaultdict

from tests.bench.figures import Mark, at_least, at_most, middle, percentile, ratio
from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result, Row
from tests.bench.runs import Run, Running
from tests.bench.stage import Servers, lodging
from tests.bench.systems import ALL, CHORDS, DEFAULTS, LEDGER, TEXTBOOK, System

STEADY = 5.0  # orders a second, well below what any of them can do
Rounds = dict[str, list[Run]]


def throughput(servers: Servers, options: Options) -> Result:
    """Bursts, and a steady trickle for the time from payment to e-mail."""
    result = Result("throughput", "Orders settled per second, until every effect is done")
    bursts: Rounds = defaultdict(list)
    steady: Rounds = defaultdict(list)
    for number in range(options.rounds):
        for system in ALL:
            say(f"throughput: round {number + 1} of {options.rounds}, {system.title}")
            with lodging(servers) as house:
                running = Running(house, system, servers)
                bursts[system.name].append(running.run(orders=options.burst))
                steady[system.name].append(running.run(orders=options.steady, per_second=STEADY))
    result.rows = [row(system, bursts[system.name], steady[system.name]) for system in ALL]
    result.marks = marks(bursts, steady)
    result.notes.append(f"{options.burst} orders a burst, {options.rounds} rounds; CPU ms an order")
    return result


def row(system: System, bursts: list[Run], steady: list[Run]) -> Row:
    """One line of the table."""
    rates = [run.rate for run in bursts]
    waits = [wait for run in steady for wait in run.to_mail]
    cpu = {role: round(middle([run.cpu_ms(role) for run in bursts]), 1) for role in bursts[0].cpu}
    return {
        "way": system.title,
        "orders/s": round(middle(rates), 1),
        "range": f"{min(rates):.1f}-{max(rates):.1f}",
        "CPU": round(middle([run.cpu_ms() for run in bursts]), 1),
        "relay": 0.0,
        **cpu,
        "mail p50 ms": round(1000 * percentile(waits, 50)),
        "mail p99 ms": round(1000 * percentile(waits, 99)),
    }


def marks(bursts: Rounds, steady: Rounds) -> list[Mark]:
    """What was promised."""
    rate = {name: middle([run.rate for run in runs]) for name, runs in bursts.items()}
    waits = [wait for run in steady[CHORDS.name] for wait in run.to_mail]
    return [
        at_least("chords / textbook", ratio(rate[CHORDS.name], rate[TEXTBOOK.name]), 1.2, "x"),
        at_least("no chords / textbook", ratio(rate[LEDGER.name], rate[TEXTBOOK.name]), 1.5, "x"),
        at_least("no chords / defaults", ratio(rate[LEDGER.name], rate[DEFAULTS.name]), 0.9, "x"),
        at_most("payment to e-mail, p50, chords", percentile(waits, 50), 0.3, "s"),
    ]
