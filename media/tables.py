"""Every table of files, of whichever app: rows here know none of those above."""

from collections.abc import Collection, Iterator
from itertools import islice

from django.apps import apps

from media.models import StoredFile

BATCH = 500
# Where the doctor tries a storage: no row names what a killed one left there.
TRIALS = "trials"


def tables() -> list[type[StoredFile]]:
    """Of the apps that are installed."""
    return [model for model in apps.get_models() if issubclass(model, StoredFile)]


def folders() -> list[str]:
    """Where files of ours stand, and of nobody else."""
    return sorted({TRIALS, *(model.folder for model in tables() if model.folder)})


def from_outside() -> set[str]:
    """Those of the folders that people from outside fill."""
    return {model.folder for model in tables() if model.from_outside}


def needed(names: Collection[str]) -> set[str]:
    """Those of the names that a row wants, which has not forgotten its file."""
    found: set[str] = set()
    for model in tables():
        rows = model._default_manager.filter(file__in=names, forgotten_at=None)  # noqa: SLF001 - documented
        found.update(rows.values_list("file", flat=True))
    return found


def in_batches(names: Iterator[str]) -> Iterator[list[str]]:
    """So many at a time."""
    while batch := list(islice(names, BATCH)):
        yield batch
