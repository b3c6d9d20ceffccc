"""Who waits for a product's row: few of a process at a time, not for long, and not for ever anew.

A row lock is held for some milliseconds. One that does not come in seconds is held by a session
that somebody forgot, and then a buyer of that product must cost nobody else anything: at most
AT_ONCE of a process wait in the database, the others without a connection. As soon as one of them
has waited in vain, all are sent away, and whoever comes later looks, without waiting, whether the
row is free by now.

Not for order among buyers (PostgreSQL keeps that), nor for jobs, which come back by themselves.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import structlog
from django.db import Error, connection, transaction

from deferral.database.outage import is_held_up
from shop.errors import TooBusy
from shop.models import Product

log = structlog.get_logger(__name__)

# Of the ten connections that a web process has. One holds the row, the others are about to.
AT_ONCE = 3
# Seconds without a connection, while those before move on: a rush, and no forgotten lock. As long
# as a customer waits for a bank.
PATIENCE = 15.0


@contextmanager
def turn(skus: Collection[str]) -> Iterator[None]:
    """Around the transaction that takes from these products. TooBusy: nothing was done."""
    wanted = frozenset(skus)
    _QUEUE.enter(wanted)
    try:
        with waiting_for():
            yield
    except TooBusy as busy:
        held = busy.held or held_at_commit(wanted)
        log.warning("products_held", skus=sorted(held), wanted=sorted(wanted))
        _QUEUE.suspect(held)
        raise
    finally:
        _QUEUE.leave(wanted)


@contextmanager
def waiting_for(*skus: str) -> Iterator[None]:
    """Around statements that may wait for these rows. TooBusy when somebody holds them too long."""
    try:
        yield
    except Error as error:
        if not is_held_up(error):
            raise
        raise TooBusy(*skus) from error


class _Queue:
    """Of one process. `suspects`: products for which somebody has waited in vain."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._inside: Counter[str] = Counter()
        self._suspects: frozenset[str] = frozenset()

    def enter(self, wanted: frozenset[str]) -> None:
        """Wait for one's turn. TooBusy when it does not come, or would not help."""
        if suspects := wanted & self._suspects:
            self._acquit(free_now(suspects))
        with self._moved:
            if not self._is_settled(wanted):
                connection.close()  # others need it, and ours comes first when it is our turn
            if not self._moved.wait_for(lambda: self._is_settled(wanted), PATIENCE):
                raise TooBusy
            if wanted & self._suspects:
                raise TooBusy
            self._inside.update(wanted)

    def leave(self, wanted: frozenset[str]) -> None:
        """Make room for the next one."""
        with self._moved:
            self._inside.subtract(wanted)
            self._inside = +self._inside
            self._moved.notify_all()

    def suspect(self, wanted: frozenset[str]) -> None:
        """Whoever waits for one of these is sent away."""
        with self._moved:
            self._suspects |= wanted
            self._moved.notify_all()

    def _acquit(self, free: frozenset[str]) -> None:
        with self._moved:
            self._suspects -= free

    def _is_settled(self, wanted: frozenset[str]) -> bool:
        """There is room, or no hope."""
        has_room = all(self._inside[sku] < AT_ONCE for sku in wanted)
        return has_room or bool(wanted & self._suspects)


_QUEUE = _Queue()


def held_at_commit(skus: Collection[str]) -> frozenset[str]:
    """Of products that never run out the row is wanted only when a foreign key to it is looked at.

    PostgreSQL does not say whose it was. It was none that is counted: those were had by then.
    """
    uncounted = Product.objects.filter(sku__in=skus, available__isnull=True)
    wanted = frozenset(uncounted.values_list("sku", flat=True))
    return wanted - free_now(wanted)


def free_now(skus: Collection[str]) -> frozenset[str]:
    """Those of them whose row nobody holds at this moment. None when that cannot be seen at once.

    Of what is busy some are held for milliseconds only: whoever comes next looks again.
    """
    rows = Product.objects.filter(sku__in=skus).select_for_update(skip_locked=True, no_key=True)
    try:
        with transaction.atomic():
            wait_less()
            return frozenset(rows.values_list("sku", flat=True))
    except Error as error:
        if is_held_up(error):
            return frozenset()
        raise


def wait_less() -> None:
    """Until this transaction ends, wait for no lock longer than it takes to see that it is held."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '250ms'")
