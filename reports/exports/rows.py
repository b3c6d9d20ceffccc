"""Reading rows, part after part, each as one piece of CSV.

PostgreSQL itself writes the text (COPY): ten times as fast as rows that Python would have to hold.
A part is read in one snapshot, and bounded by the keys of its first and last row.
"""

import csv
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from deferral.external_services import NOBODY
from deferral.long_jobs import Step
from media.filing import Filed, file_away
from media.places import asked_for_files
from reports.exports.columns import Column
from reports.exports.datasets import Rows
from reports.exports.overlapping import overlapped
from reports.models import Export, ExportFile

# Nothing between the statements of a part changes what they see.
ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# Python's own limit for a cell is 131,072 letters; PostgreSQL has written these.
csv.field_size_limit(2**31 - 1)
ZONE = "SELECT set_config('TimeZone', %s, true)"

# How far it is: the last key, and so many parts and rows.
Cursor = dict[str, int]
Text = tuple[Cursor, bytes]
Stored = tuple[Cursor, ExportFile]
# Paper is set a thousand rows at a time. Otherwise see settings.EXPORT_PART_ROWS.
ROWS_ON_PAPER = 1_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows up to the key `last`, as CSV without a header."""

    last: int
    count: int
    text: bytes


def read_chunk(
    rows: Rows, columns: Sequence[Column], *, after: int, most: int, guard: bool
) -> Chunk | None:
    """The next rows by key, at most so many; None when there are no more."""
    cells = shown(columns, guard=guard)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_SNAPSHOT)
        cursor.execute(ZONE, [settings.TIME_ZONE])
        keys = rows.filter(pk__gt=after).order_by("pk").values("pk")[:most]
        found = keys.aggregate(last=Max("pk"), count=Count("pk"))
        if not found["count"]:
            return None
        wanted = rows.filter(pk__gt=after, pk__lte=found["last"]).order_by("pk")
        statement = wanted.annotate(**cells).values_list(*cells).query.sql_with_params()
        return Chunk(found["last"], found["count"], _copied(cursor, *statement))


def shown(columns: Sequence[Column], *, guard: bool) -> dict[str, Combinable]:
    """What stands in a line. A lone cell without a value is `""`: readers pass over empty lines."""
    cells = [column.expression(guard=guard) for column in columns]
    if len(cells) == 1:
        cells = [Coalesce(Cast(cells[0], TextField()), Value("", TextField()))]
    return {f"c{n}": cell for n, cell in enumerate(cells)}


def _copied(cursor: Any, statement: str, parameters: tuple[Any, ...]) -> bytes:
    copying = f"COPY ({statement}) TO STDOUT WITH (FORMAT csv)"
    text = bytearray()
    with cursor.copy(copying, parameters) as copied:
        for data in copied:
            text += data
    return bytes(text)


def write_rows(export: Export, rows: Rows, columns: Sequence[Column], step: Step) -> int:
    """Every row, in parts that stand in storage; return how many. A step's work.

    The next part is read while this one is stored. Each stands there before its row says so.
    """
    on_paper = export.format == Export.Format.PDF
    read = partial(
        read_chunk,
        rows,
        columns,
        most=ROWS_ON_PAPER if on_paper else settings.EXPORT_PART_ROWS,
        guard=export.format in {Export.Format.CSV, Export.Format.CSV_GZ},
    )
    at = step.cursor or {"last": 0, "part": 0, "rows": 0}
    with closing(_stored(export, _chunks(at, read))) as parts:
        for at, part in parts:
            with transaction.atomic():
                part.save()
                step.checkpoint(at, done=at["rows"])
    return int(at["rows"])


def _stored(export: Export, chunks: Iterator[Text]) -> Generator[Stored, None, None]:
    """Whoever asks a bucket asks the database what is known of it: that is done in this thread."""
    store = partial(_store, export)
    if asked_for_files() == NOBODY:
        yield from overlapped(store, chunks)
    else:
        yield from map(store, chunks)


def _chunks(at: Cursor, read: Callable[..., Chunk | None]) -> Iterator[Text]:
    """What is behind the cursor, each with that of its end."""
    while chunk := read(after=at["last"]):
        at = {"last": chunk.last, "part": at["part"] + 1, "rows": at["rows"] + chunk.count}
        yield at, chunk.text


def _store(export: Export, chunk: Text) -> Stored:
    at, text = chunk
    return at, file_part(export, ExportFile.Part.ROWS, at["part"], text, suffix=".csv")


def file_part(
    export: Export, part: ExportFile.Part, number: int, content: bytes, *, suffix: str
) -> ExportFile:
    """A part in storage, and its row, which is yet to be saved: with the checkpoint behind it."""
    key = f"{export.key}:{part}:{number}"
    filed = file_away(content, key=key, folder=ExportFile.folder, suffix=suffix)
    return remember(export, part, number, filed, key=key)


def remember(
    export: Export, part: ExportFile.Part, number: int, filed: Filed, *, key: str
) -> ExportFile:
    """The row of a file that stands in storage, yet to be saved."""
    facts = {"sha256": filed.sha256, "size": filed.size, "place": filed.place}
    return ExportFile(export=export, part=part, number=number, key=key, file=filed.name, **facts)


def parts_of(export: Export, part: ExportFile.Part) -> list[ExportFile]:
    """The parts that are written, in their order."""
    return list(export.files.filter(part=part).order_by("number"))
