"""What nobody needs any more: files without a row, and what killed writers left.

Looked at is what stands in a folder of one of the tables and is called as `filing` calls it: what
others keep in the same storage is theirs. A file is safe for a day, in which its row may come.

A database that is not this storage's would have the sweep empty it. It is doubted by the files that
only our own jobs write: each gets its row within the minute, so few are ever without one. What
people send does not count. Of that anybody may be able to leave much without a row, and who can
stop the sweep can fill the storage. Another shop's originals are safe all the same: the files that
were made of them are doubted first.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from media import places
from media.errors import TooManyUnneeded
from media.tables import folders, from_outside, in_batches, needed
from media.verbs import Keeper

KEPT = timedelta(days=1)
# A night's work; what is left is the next night's.
MOST = 10_000
# So many without a row are no reason to doubt, however few have one.
ROOM = 100
# Folder, two letters of the hash, key and hash: `filing.name_of`.
OURS = re.compile(r"[^/]+/([0-9a-f]{2})/[^/]*-\1[0-9a-f]{14}(\.[a-z0-9]+)*")
Told = Callable[[int], None]


def sweep_files(where: str, told: Told) -> int:
    """Delete in this place what no row names; return how many files that were.

    `told` is called with the number of files looked at, again and again. TooManyUnneeded before
    anything is deleted. Safe to repeat. Retry.
    """
    keeper, before = places.place(where), datetime.now(UTC) - KEPT
    unneeded, seen = _unneeded(keeper, before, told)
    gone = 0
    for name in unneeded:
        gone += _delete(keeper, name, before)
        told(seen)
    return gone


def sweep_remains(where: str) -> int:
    """Delete what killed writers left half written there; return how many those were. Retry."""
    keeper, before = places.place(where), datetime.now(UTC) - KEPT
    return sum(keeper.remove_remains(folder, before=before) for folder in folders())


def _unneeded(keeper: Keeper, before: datetime, told: Told) -> tuple[list[str], int]:
    """The names, and how many files were looked at. Ours come first: they are the evidence."""
    theirs = from_outside()
    ours = [folder for folder in folders() if folder not in theirs]
    found, wanted = _sorted(_old_names(keeper, ours, before), told)
    if len(found) > wanted + ROOM:
        raise TooManyUnneeded(len(found), wanted)
    seen = wanted + len(found)
    left, kept = _sorted(_old_names(keeper, sorted(theirs), before), lambda more: told(seen + more))
    return [*found, *left][:MOST], seen + kept + len(left)


def _sorted(names: Iterator[str], told: Told) -> tuple[list[str], int]:
    """What no row names, a night's work or a little more; and how many files a row names."""
    found: list[str] = []
    wanted = 0
    for batch in in_batches(names):
        kept = needed(batch)
        wanted += len(kept)
        found += [name for name in batch if name not in kept]
        told(wanted + len(found))
        if len(found) >= MOST:
            break
    return found, wanted


def _old_names(keeper: Keeper, where: Iterable[str], before: datetime) -> Iterator[str]:
    for folder in where:
        for one in keeper.names(folder):
            if one.modified_at < before and OURS.fullmatch(one.name):
                yield one.name


def _delete(keeper: Keeper, name: str, before: datetime) -> bool:
    """If it is still so: a job that found it there has written it anew since, and then its row."""
    found = keeper.look(name)
    if found is None or found.modified_at >= before or needed([name]):
        return False
    keeper.remove(name)
    return True
