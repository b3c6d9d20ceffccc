"""One order of sixty and of two hundred tickets: one task a ticket, one e-mail with all of them."""

from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result, Row, Run
from tests.bench.runs import Running
from tests.bench.stage import staged
from tests.bench.systems import CHORDS, LEDGER, TEXTBOOK, System
from tests.rig.stand_alone import Servers


def large(servers: Servers, options: Options) -> Result:
    """Each size in each of three ways, on an idle shop."""
    result = Result("large", "One large order, on an idle shop")
    for system in (CHORDS, LEDGER, TEXTBOOK):
        say(f"large: {system.title}")
        with staged(servers) as stage:
            running = Running(stage, system, servers)
            runs = [(size, running.run(orders=1, tickets=size)) for size in options.large]
        result.rows += [row(system, size, run) for size, run in runs]
    return result


def row(system: System, tickets: int, run: Run) -> Row:
    """One line of the table."""
    return {
        "way": system.title,
        "tickets": tickets,
        "to e-mail s": round(run.to_mail[0], 2),
        "CPU s": round(run.cpu_ms() / 1000, 2),
        "CPU ms a ticket": round(run.cpu_ms() / tickets, 1),
    }
