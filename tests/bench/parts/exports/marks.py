"""What was promised of exports, and the lines of the table."""

from collections.abc import Sequence

from tests.bench.parts.exports.made import Made
from tests.bench.parts.exports.plain import Plain
from tests.bench.results import Row
from tests.bench.statistics import Mark, at_least, at_most, middle, ratio

Timed = Sequence[Made] | Sequence[Plain]
OF_PSQL = 0.7
OF_THE_LIBRARY = 1.2
ON_PAPER = 30.0  # seconds of CPU
# MB above the idle child.
MEMORY = {"CSV": 60, "XLSX": 80, "PDF": 100}


def row(way: str, found: Timed, rows: int) -> Row:
    """One line of the table: medians of the rounds."""
    seconds = middle([one.seconds for one in found])
    return {
        "way": way,
        "rows": f"{rows:,}",
        "s": round(seconds, 1),
        "rows/s": f"{rows / seconds:,.0f}",
        "CPU s": round(cpu(found), 1),
        "PostgreSQL s": round(middle([one.database for one in found]), 1),
        "memory MB": round(max(one.memory for one in found)) or "",
    }


def cpu(found: Timed) -> float:
    """Seconds, without PostgreSQL's."""
    return middle([one.cpu for one in found])


def seconds(found: Timed) -> float:
    """From beginning to end."""
    return middle([one.seconds for one in found])


def marks(
    copies: Timed, files: Sequence[Made], alone: Timed, books: Sequence[Made], paper: Made
) -> list[Mark]:
    """What was promised."""
    memory = {"CSV": files, "XLSX": books, "PDF": [paper]}
    return [
        at_least("CSV: rows a second / psql's", ratio(seconds(copies), seconds(files)), OF_PSQL),
        at_most("XLSX: CPU / the library's alone", ratio(cpu(books), cpu(alone)), OF_THE_LIBRARY),
        at_most("PDF: CPU", paper.cpu, ON_PAPER, "s"),
        *(
            at_most(f"{name}: memory", max(one.memory for one in made), MEMORY[name], "MB")
            for name, made in memory.items()
        ),
    ]
