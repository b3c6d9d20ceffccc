"""Orders settled per second until every effect is done, beside the same in plain Celery.

Rounds are interleaved, so that a slow minute of the machine meets everybody; ratios are taken
between medians of the same run only.
"""

from collections import defaultdict

from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result, Row, Run
from tests.bench.runs import Running, alone
from tests.bench.stage import staged
from tests.bench.statistics import Mark, at_least, at_most, middle, percentile, ratio
from tests.bench.systems import ALL, CHORDS, DEFAULTS, LEDGER, TEXTBOOK
from tests.rig.stand_alone import Servers

STEADY = 5.0  # orders a second, well below what any of them can do
Rounds = dict[str, list[Run]]


def throughput(servers: Servers, options: Options) -> Result:
    """Bursts, and a steady trickle for the time from payment to e-mail."""
    result = Result("throughput", "Orders settled per second, until every effect is done")
    floor: list[Run] = []
    bursts: Rounds = defaultdict(list)
    steady: Rounds = defaultdict(list)
    for number in range(options.rounds):
        say(f"throughput: round {number + 1} of {options.rounds}, the services alone")
        with staged(servers) as stage:
            floor.append(alone(stage, servers, orders=options.burst // 3))
        for system in ALL:
            say(f"throughput: round {number + 1} of {options.rounds}, {system.title}")
            with staged(servers) as stage:
                running = Running(stage, system, servers)
                bursts[system.name].append(running.run(orders=options.burst))
                steady[system.name].append(running.run(orders=options.steady, per_second=STEADY))
    min_wait = middle([run.cpu_ms() for run in floor])
    result.rows = [row("the services alone, in one process", floor, [], min_wait)]
    for system in ALL:
        result.rows.append(row(system.title, bursts[system.name], steady[system.name], min_wait))
    result.marks = marks(bursts, steady)
    result.notes.append(f"{options.burst} orders a burst, {options.rounds} rounds; CPU ms an order")
    result.notes.append("joins: the e-mail waits for all documents, by a chord or by counting")
    result.notes.append("machinery: CPU above that of the services alone")
    return result


def row(title: str, bursts: list[Run], steady: list[Run], min_wait: float) -> Row:
    """One line of the table; `min_wait` is what the services alone cost."""
    rates, cpu = [run.rate for run in bursts], middle([run.cpu_ms() for run in bursts])
    found: dict[str, float | int | str] = {
        "way": title,
        "orders/s": round(middle(rates), 1),
        "range": f"{min(rates):.1f}-{max(rates):.1f}",
        "CPU": round(cpu),
        "machinery": round(cpu - min_wait),
    }
    for role in ("worker", "relay", "broker", "PostgreSQL", "producer"):
        found[role] = round(middle([run.cpu_ms(role) for run in bursts if role in run.cpu] or [0]))
    if waits := [1000 * wait for run in steady for wait in run.to_mail]:
        found |= {f"mail p{at} ms": round(percentile(waits, at)) for at in (50, 99)}
    return found


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
