"""One ZIP of what all apps keep: JSON for programs, the documents as they are."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from accounts.mailboxes import as_written
from accounts.personal_data import Person, PersonalData

AT_ONCE = 500
READ_ME = """All that Halyard keeps of {address}, as of {moment}.

Each folder is a part of the shop. Its .json files are lists of objects, in UTF-8: times are those
of ISO 8601, amounts are cents. Beside them are the documents themselves.
Your bank, and those who bring the goods, keep what they have of you: ask them.
"""


def pack(
    target: Path,
    person: Person,
    parts: Mapping[str, PersonalData],
    *,
    told: Callable[[int], None],
) -> None:
    """Write it. `told` hears again and again how many parts are done. OSError."""
    with ZipFile(target, "w", ZIP_DEFLATED) as box:
        words = {"address": as_written(person.address), "moment": person.until.isoformat()}
        box.writestr("README.txt", READ_ME.format(**words))
        for number, (name, part) in enumerate(parts.items()):
            for title, rows in part.rows(person).items():
                with box.open(f"{name}/{title}.json", "w", force_zip64=True) as text:
                    _write(text, rows, partial_told(told, number))
            for title, content in part.files(person):
                box.writestr(f"{name}/{title}", content)
                told(number)
            told(number + 1)


def partial_told(told: Callable[[int], None], number: int) -> Callable[[], None]:
    """Still at this part."""
    return lambda: told(number)


def _write(text: IO[bytes], rows: Iterable[Mapping[str, Any]], told: Callable[[], None]) -> None:
    between = b"["
    for row in rows.iterator(AT_ONCE) if isinstance(rows, QuerySet) else rows:
        text.write(between + b"\n" + json.dumps(dict(row), cls=DjangoJSONEncoder).encode())
        between = b","
        told()
    text.write(b"\n]\n" if between == b"," else b"[]\n")
