"""What an order costs beside a thousand, a hundred thousand and a million older jobs.

The older jobs are copies of real ones, spread over the ninety days that the ledger keeps them.
"""

from django.db import connection

from deferral.models import Job
from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result, Row, Run
from tests.bench.runs import Running
from tests.bench.stage import staged
from tests.bench.statements import Spent, counted
from tests.bench.statistics import Mark, at_most, middle, ratio
from tests.bench.systems import CHORDS
from tests.rig.stand_alone import Servers

DEARER = 1.15
# Everything a copy shares with its original; keys and ids are its own, and it waits for nobody.
ITS_OWN = {"id", "key", "task_id", "settled_at", "body_id", "event_id"}
COLUMNS = {str(field.column) for field in Job._meta.concrete_fields}
SHARED = ", ".join(sorted(COLUMNS - ITS_OWN))
KINDS = "SELECT count(*) FROM deferral_job WHERE state = 'done' AND key NOT LIKE '%/%'"
COPY = f"""
INSERT INTO deferral_job (key, task_id, settled_at, {SHARED})
SELECT key || '/' || n, gen_random_uuid(), now() - random() * interval '90 days',
       {SHARED}
FROM (SELECT *, row_number() OVER (ORDER BY id) AS at FROM deferral_job
      WHERE state = 'done' AND key NOT LIKE '%%/%%') original
JOIN generate_series(%s::int, %s::int) n ON n %% %s = at - 1
"""  # noqa: S608  column names of our own model
Measured = list[tuple[Run, Spent]]


def ledger_size(servers: Servers, options: Options) -> Result:
    """Fill up step by step; at each step some orders, in rounds."""
    result = Result("ledger", "What an order costs beside so many older jobs")
    measured: dict[int, Measured] = {}
    with staged(servers) as stage:
        running = Running(stage, CHORDS, servers)
        rows = 0
        for size in options.ledger:
            say(f"ledger: {size:,} rows")
            fill(rows, size)
            rows = size
            running.run(orders=8)
            measured[size] = [measure(running, options.burst // 3) for _ in range(options.rounds)]
    result.rows = [row(size, found) for size, found in measured.items()]
    result.marks = marks(measured)
    result.notes = ["an order's dearest statements: ms, calls, words"]
    result.notes += hottest(measured[max(measured)])
    return result


def fill(have: int, want: int) -> None:
    """Copies up to `want`; statistics and visibility as autovacuum would leave them."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS)
        [kinds] = cursor.fetchone()
        cursor.execute(COPY, [have + 1, want, kinds])
        cursor.execute("VACUUM ANALYZE deferral_job")
        cursor.execute("CHECKPOINT")


def measure(running: Running, orders: int) -> tuple[Run, Spent]:
    """Some orders, and what the database did for them."""
    with counted() as spent:
        run = running.run(orders=orders)
    return run, spent


def row(size: int, found: Measured) -> Row:
    """One line of the table: medians of the rounds."""
    return {
        "older jobs": f"{size:,}",
        "orders/s": round(middle([run.rate for run, _ in found]), 1),
        "CPU ms an order": round(cpu(found), 1),
        "PostgreSQL CPU ms": round(middle([run.cpu_ms("PostgreSQL") for run, _ in found]), 1),
        "statements' ms": round(statement_time(found), 2),
        "statements": round(middle([spent.calls / run.orders for run, spent in found])),
    }


def hottest(found: Measured) -> list[str]:
    """The ten dearest statements of the last round, for one order."""
    run, spent = found[-1]
    return [
        f"{took / run.orders:6.2f} {calls / run.orders:6.1f}  {' '.join(words.split())[:80]}"
        for words, (calls, took) in list(spent.statements.items())[:10]
    ]


def cpu(found: Measured) -> float:
    """Milliseconds of CPU an order, of all processes."""
    return middle([run.cpu_ms() for run, _ in found])


def statement_time(found: Measured) -> float:
    """Milliseconds an order in PostgreSQL's executor."""
    return middle([spent.milliseconds / run.orders for run, spent in found])


def marks(measured: dict[int, Measured]) -> list[Mark]:
    """Against the smallest ledger of the same run."""
    smallest, *larger = measured
    return [
        at_most(
            f"{size:,} rows: {what}", ratio(of(measured[size]), of(measured[smallest])), DEARER, "x"
        )
        for size in larger
        for what, of in (("CPU", cpu), ("statements' time", statement_time))
    ]
