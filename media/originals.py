"""Originals for rows that may be refused: what no row names in the end is deleted at once."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from django.db import InterfaceError, OperationalError

from media.models import Asset
from media.services import Original, keep_original
from media.unnamed import delete_unnamed


class Keep(Protocol):
    """`services.keep_original`."""

    def __call__(
        self, file: IO[bytes], *, name: str, kinds: Collection[Asset.Kind] = ...
    ) -> Original:
        """The same promises, the same errors."""


@contextmanager
def named_or_deleted() -> Iterator[Keep]:
    """Keep originals by what this gives. After the block those that no row names are deleted.

    The block writes the rows, in a transaction of its own; this stands outside any. It does not
    matter how the block ends: whoever is refused, whoever sends a file twice, and whoever sends
    three good files and one that cannot be kept would else fill the storage until the night. A
    process that is killed leaves its originals to the sweep. So does a lost connection to the
    database: whether the rows have committed is not known then.
    """
    kept: list[Original] = []

    def keep(
        file: IO[bytes], *, name: str, kinds: Collection[Asset.Kind] = tuple(Asset.Kind)
    ) -> Original:
        kept.append(keep_original(file, name=name, kinds=kinds))
        return kept[-1]

    try:
        yield keep
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        delete_unnamed(one.filed for one in kept)
        raise
    delete_unnamed(one.filed for one in kept)
