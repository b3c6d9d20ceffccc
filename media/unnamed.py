"""Files for which no row is written after all: deleted at once, and not in the night."""

from collections.abc import Collection, Iterable

import structlog

from deferral.errors import Outcome
from media import places
from media.filing import Filed
from media.tables import needed

log = structlog.get_logger(__name__)


def delete_unnamed(filed: Iterable[Filed]) -> None:
    """Delete those that no row names. For whoever knows that no row is yet to come."""
    delete_unneeded({one.name for one in filed})


def delete_unneeded(names: Collection[str]) -> None:
    """The same, of names."""
    if unneeded := {*names} - (needed(names) if names else set()):
        delete_files(unneeded)


def delete_files(names: Iterable[str]) -> None:
    """Delete them wherever they stand. What a storage cannot delete now is left to the sweep."""
    try:
        for where in places.names():
            keeper = places.place(where)
            for name in names:
                keeper.remove(name)
    except Outcome as error:
        log.warning("files_left_to_the_sweep", reason=str(error))
