"""Which storages there are: the one that is written to, and those where a file may still stand.

While files move, some stand here and some there. A name is the same bytes wherever it stands, so a
reader asks one after the other, and nobody has to know how far the move is.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.storage import storages

from deferral.external_services import NOBODY, ExternalService
from media.other import Other
from media.verbs import FILE_STORAGE, Keeper

# Of settings.STORAGES: what is no place for files, and the other name of the one written to.
BUCKET = "s3"
ALIASES = {"staticfiles", "default"}


def current() -> str:
    """Where new files go."""
    return str(settings.MEDIA_PLACE)


def asked_for_files() -> ExternalService:
    """The external service of a task that writes files: nobody where they go to a disk of ours."""
    return FILE_STORAGE if current() == BUCKET else NOBODY


def names() -> list[str]:
    """Every place that is set up; the one for new files first."""
    return [current(), *sorted(set(settings.STORAGES) - ALIASES - {current()})]


def place(name: str) -> Keeper:
    """One of them."""
    found: Any = storages["default" if name == current() else name]
    keeper: Keeper = found if hasattr(found, "remove_remains") else Other(found)
    return keeper


def in_order(first: str) -> Iterator[tuple[str, Keeper]]:
    """Each place, `first` first, or that for new files; then that one again.

    A file may be moved to it and deleted elsewhere while the others are asked.
    """
    known = names()
    order = sorted(known, key=lambda name: name != (first or current()))
    for name in [*order, *order[:1]] if len(known) > 1 else order:
        yield name, place(name)
