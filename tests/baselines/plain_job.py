"""Lets the product's services run where no job of the ledger runs them."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from deferral import running


@dataclass(frozen=True)
class PlainJob:
    """What a service asks of `current_job()`, without a row, a lock or a fence behind it."""

    key: str

    @staticmethod
    def finishing() -> contextlib.AbstractContextManager[None]:
        """Our own effect, in a transaction of its own: there is no `done` to write."""
        return transaction.atomic()


@contextlib.contextmanager
def plain_job(key: str) -> Iterator[str]:
    """Run services under this key; yields it."""
    token = running.CURRENT.set(PlainJob(key))  # type: ignore[arg-type]  # it quacks
    try:
        yield key
    finally:
        running.CURRENT.reset(token)
