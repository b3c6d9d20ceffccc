"""What nobody needs any more: files without a row, and what killed writers left.

Looked at is what stands in a folder of one of the tables and is called as `filing` calls it: what
others keep in the same storage is theirs. A file is safe for a day, in which its row may come.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from media import places
from media.errors import TooManyUnneeded
from media.tables import in_batches, needed, tables
from media.verbs import Keeper

KEPT = timedelta(days=1)
# A night's work; what is left is the next night's.
MOST = 10_000
# So many without a row are no reason to doubt, however few have one.
ROOM = 100
# Folder, two letters of the hash, key and hash: `filing.name_of`.
OURS = re.compile(r"[^/]+/([0-9a-f]{2})/[^/]*-\1[0-9a-f]{14}(\.[a-z0-9]+)*")


def sweep() -> dict[str, int]:
    """Delete in every place; return how many files, and how many half-written remains.

    TooManyUnneeded, before anything is deleted in that place. Safe to repeat.
    """
    before = datetime.now(UTC) - KEPT
    counted = {"files": 0, "remains": 0}
    for where in places.names():
        keeper = places.place(where)
        unneeded = _unneeded(keeper, before)
        for name in unneeded:
            keeper.remove(name)
        counted["files"] += len(unneeded)
        for folder in _folders():
            counted["remains"] += keeper.remove_remains(folder, before=before)
    return counted


def _folders() -> list[str]:
    return sorted({model.folder for model in tables() if model.folder})


def _unneeded(keeper: Keeper, before: datetime) -> list[str]:
    found: list[str] = []
    wanted = 0
    for batch in in_batches(_old_names(keeper, before)):
        kept = needed(batch)
        wanted += len(kept)
        found += [name for name in batch if name not in kept]
        if len(found) >= MOST:
            break
    if len(found) > wanted + ROOM:
        raise TooManyUnneeded(len(found), wanted)
    return found[:MOST]


def _old_names(keeper: Keeper, before: datetime) -> Iterator[str]:
    for folder in _folders():
        for one in keeper.names(folder):
            if one.modified_at < before and OURS.fullmatch(one.name):
                yield one.name
