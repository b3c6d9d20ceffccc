"""Exports of a million rows: CSV beside psql, XLSX beside the library, paper, and confirmations."""

import hashlib
from pathlib import Path

from reports.models import Export
from tests.bench.confirming import slower, told
from tests.bench.options import Options
from tests.bench.parts.exports.beside import confirmations
from tests.bench.parts.exports.filling import fill
from tests.bench.parts.exports.made import Made, Maker
from tests.bench.parts.exports.marks import Timed, marks, row
from tests.bench.parts.exports.plain import Plain, library, psql_copy
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import staged
from tests.reports.exports.exporting import somebody, whole
from tests.rig.stand_alone import Servers

# The last three are numbers: see `library`.
EIGHT = (
    "number", "created_at", "state", "name", "email", "subtotal_cents", "tax_cents", "total_cents",
)  # fmt: skip
ELEVEN = (*EIGHT, "address", "currency", "paid_at")


def exports(servers: Servers, options: Options) -> Result:
    """Paper first, which has a tenth of the rows."""
    result = Result("exports", f"Exports of {options.exported:,} orders, by one worker")
    with staged(servers) as stage:
        maker = Maker(stage, servers, somebody("orders.view_order"))
        stage.relay()
        say(f"exports: {options.exported // 10:,} orders on paper")
        fill(options.exported // 10)
        paper = maker.make("pdf", ELEVEN)
        fill(options.exported)
        copies, files = in_turns(maker, options.rounds)
        alone, books = workbooks(maker, options.rounds, files[-1].export)
        quiet, busy = confirmations(
            stage, maker.clerk, EIGHT, orders=options.beside, rounds=options.rounds
        )
    named: dict[str, Timed] = {
        "psql's \\copy": copies,
        "CSV": files,
        "the library alone": alone,
        "XLSX": books,
    }
    result.rows = [row(way, found, options.exported) for way, found in named.items()]
    result.rows.append(row("PDF", [paper], options.exported // 10))
    result.marks = marks(copies, files, alone, books, paper)
    result.marks.append(slower(quiet, busy, "an export"))
    result.notes.append("CPU: of the worker's child, psql or the library; beside it PostgreSQL's")
    result.notes.append("memory: the most that the child had, above what it has when idle")
    result.notes += [
        f"{len(found)} confirmations {how}, seconds to the e-mail: {told(found)}"
        for how, found in {"alone": quiet, "beside an export": busy}.items()
    ]
    return result


def in_turns(maker: Maker, rounds: int) -> tuple[list[Plain], list[Made]]:
    """psql's copy and the CSV export. AssertionError unless both wrote the same."""
    copies, files = list[Plain](), list[Made]()
    target = maker.servers.home / "copied.csv"
    for number in range(rounds):
        say(f"exports: psql and CSV, round {number + 1} of {rounds}")
        copies.append(psql_copy(maker.servers, EIGHT, target))
        files.append(maker.make("csv", EIGHT))
        assert digest(target) == hashlib.sha256(body(files[-1].export)).hexdigest()
    return copies, files


def workbooks(maker: Maker, rounds: int, of: Export) -> tuple[list[Plain], list[Made]]:
    """The library with the rows of this CSV file, and the export of the same rows."""
    source, target = maker.servers.home / "rows.csv", maker.servers.home / "alone.xlsx"
    source.write_bytes(body(of))
    alone, books = list[Plain](), list[Made]()
    for number in range(rounds):
        say(f"exports: the library and XLSX, round {number + 1} of {rounds}")
        alone.append(library(source, target))
        books.append(maker.make("xlsx", EIGHT))
    return alone, books


def body(export: Export) -> bytes:
    """All but the header, which psql is not asked for."""
    return whole(export).partition(b"\n")[2]


def digest(path: Path) -> str:
    """Of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
