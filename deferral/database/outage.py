"""What PostgreSQL's refusals mean. The one place: web, relay, beat, workers and commands ask here.

Three kinds pass by themselves, and what was asked may be asked again as it is:

- *our outage*: the database is away, or cannot write now. Everybody's, so it costs no job anything.
- *held up*: it works, but somebody else holds what was asked for. Whoever waits longer than its
  role may (`lock_timeout`), or loses a deadlock, makes room and comes again; that costs nothing
  either, since nothing was wrong with it.
- *cut short*: one statement took longer than its role allows (`statement_timeout`), or a person
  cancelled it. A customer may try again; a job's attempt is spent, or one that always takes too
  long would be tried again for ever.

Every other database error is the job's own: a bug, or data that no waiting mends (XX001, XX002).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog
from django.db import Error

log = structlog.get_logger(__name__)

OUTAGES = (
    "08",  # the connection broke
    "53",  # no disk, no memory, no connection left
    "57P0",  # shut down, crashed, starting, dropped, an idle session ended
    "58",  # the system under PostgreSQL failed: 58030 is an I/O error
    "25006",  # read-only: a standby, or after a failover
    "25P03",  # our process slept in a transaction, and its session was ended
    "25P04",  # a transaction took too long, and its session was ended
)
# A lock that did not come in time; a conflict with others' transactions, or with a standby's
# recovery; a deadlock, which the other side has survived.
HELD_UP = frozenset({"55P03", "40001", "40P01"})
CUT_SHORT = "57014"


def is_our_outage(error: BaseException) -> bool:
    """Whether the database is away or cannot write now. No answer at all is one, too."""
    cause = _said_by_database(error)
    if cause is None:
        return False
    if cause.sqlstate is None:
        return isinstance(cause, psycopg.OperationalError)
    return cause.sqlstate.startswith(OUTAGES)


def is_held_up(error: BaseException) -> bool:
    """Whether somebody else held what was asked for, longer than we wait."""
    cause = _said_by_database(error)
    return cause is not None and cause.sqlstate in HELD_UP


def passes(error: BaseException) -> bool:
    """Whether the same may be asked again, as it is: an outage, held up, or cut short."""
    cause = _said_by_database(error)
    if cause is not None and cause.sqlstate == CUT_SHORT:
        return True
    return is_our_outage(error) or is_held_up(error)


@contextmanager
def unless_held_up(what: object) -> Iterator[None]:
    """Around one of several that are looked at again anyhow: what is held stops none of the others.

    Its transaction must begin inside.
    """
    try:
        yield
    except Error as error:
        if not is_held_up(error):
            raise
        log.warning("left_for_later", what=str(what), error=str(error))


def go_on_without(error: Error, what: str) -> None:
    """Log `what` failed: nothing depends on it. An outage is raised.

    It is the caller's to hear of, as ever: its session is gone, and with it a job's lock.
    """
    if is_our_outage(error):
        raise error
    log.warning(what, error=str(error))


def _said_by_database(error: BaseException) -> psycopg.Error | None:
    cause = error.__cause__ if isinstance(error, Error) else error
    return cause if isinstance(cause, psycopg.Error) else None
