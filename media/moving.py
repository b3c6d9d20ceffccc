"""Files move from one storage to another while the shop sells.

Of each file: it is copied, read back and compared with the hash in its row, and then the row names
the new place. Until the source is deleted, which is a wish of its own, it stands in both; whoever
reads asks all places. So there is no moment in which a file cannot be read, and a move that was
killed goes on with the rows that do not name the new place yet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from django.db.models import QuerySet

from media import places
from media.models import StoredFile
from media.reading import digest
from media.tables import BATCH, tables
from media.verbs import Keeper


@dataclass
class Report:
    """How far a move is."""

    total: int
    moved: int = 0
    deleted: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Files that were looked at."""
        return self.moved + len(self.lost)


def to_move(to: str, *, delete_source: bool) -> int:
    """How many files a move has to look at."""
    return sum(_rows(model, to, every=delete_source).count() for model in tables())


def move(to: str, *, delete_source: bool, told: Callable[[Report], None]) -> Report:
    """Bring every file to `to`. `told` is called after each. Retry while a storage is away.

    A file that no place has as it was written stays where it is, and is named in the report.
    """
    report = Report(total=to_move(to, delete_source=delete_source))
    for row in _each(to, every=delete_source):
        if _bring(row, to):
            report.moved += 1
            report.deleted += _delete_elsewhere(row, to) if delete_source else 0
        elif _is_wanted(row):
            report.lost.append(row.key)
        told(report)
    return report


def _rows(model: type[StoredFile], to: str, *, every: bool) -> QuerySet[StoredFile]:
    rows = model._default_manager.filter(forgotten_at=None).order_by("pk")  # noqa: SLF001 - documented
    return rows if every else rows.exclude(place=to)


def _each(to: str, *, every: bool) -> Iterator[StoredFile]:
    """By the number: the connection is given back while a bucket is asked."""
    for model in tables():
        last = 0
        while batch := list(_rows(model, to, every=every).filter(pk__gt=last)[:BATCH]):
            yield from batch
            last = batch[-1].pk


def _is_wanted(row: StoredFile) -> bool:
    """Still: what is forgotten meanwhile is not lost."""
    rows = type(row)._default_manager.filter(pk=row.pk, forgotten_at=None)  # noqa: SLF001 - documented
    return rows.exists()


def _bring(row: StoredFile, to: str) -> bool:
    """Have it there, read back, and its row say so. False when nobody has it whole."""
    target = places.place(to)
    if not _is_whole(target, row) and not (_copy(row, target, to) and _is_whole(target, row)):
        return False
    type(row)._default_manager.filter(pk=row.pk, file=row.file.name).update(place=to)  # noqa: SLF001 - documented
    return True


def _copy(row: StoredFile, target: Keeper, to: str) -> bool:
    """From the first place that has it whole. What stands in `to` is not: it is replaced."""
    name = str(row.file.name)
    for where in places.names():
        if where == to:
            continue
        try:
            with places.place(where).fetch(name, size=row.size) as stream:
                if _agrees(stream, row):
                    stream.seek(0)
                    target.put(name, stream, size=row.size, sha256=row.sha256, anew=True)
                    return True
        except FileNotFoundError:
            continue
    return False


def _is_whole(keeper: Keeper, row: StoredFile) -> bool:
    """Read from its beginning to its end."""
    try:
        with keeper.fetch(str(row.file.name), size=row.size) as stream:
            return _agrees(stream, row)
    except FileNotFoundError:
        return False


def _agrees(stream: IO[bytes], row: StoredFile) -> bool:
    return digest(stream) == (row.size, row.sha256)


def _delete_elsewhere(row: StoredFile, to: str) -> int:
    """What was just read back in `to` may go in all other places."""
    name = str(row.file.name)
    others = [places.place(where) for where in places.names() if where != to]
    having = [keeper for keeper in others if keeper.look(name)]
    for keeper in having:
        keeper.remove(name)
    return len(having)
