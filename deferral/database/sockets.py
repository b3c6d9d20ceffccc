"""The socket under a database connection, for a session that is kept beside everything else."""

import os
import select
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


def has_news(database: "BaseDatabaseWrapper | None") -> bool:
    """Whether PostgreSQL says something. Nobody may be asking it anything meanwhile."""
    descriptor = _descriptor(database)
    return descriptor is not None and bool(select.select([descriptor], [], [], 0)[0])


def make_a_hole(database: "BaseDatabaseWrapper | None") -> None:
    """In a forked child, of its copy: what it says goes nowhere, and its end says nothing."""
    descriptor = _descriptor(database)
    if descriptor is not None:
        hole = os.open(os.devnull, os.O_RDWR)
        os.dup2(hole, descriptor)
        os.close(hole)


def _descriptor(database: "BaseDatabaseWrapper | None") -> int | None:
    held = database.connection if database else None
    return None if held is None or held.closed else held.fileno()
