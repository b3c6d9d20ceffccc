"""What comes of an attempt that raised: retry, snooze, bury, or nothing at all.

Retry and snooze are one update of the row and then Celery's Retry *without publishing*: Celery
acknowledges, Flower shows RETRY, and the relay gives the hint again under the same task id when it
is due. A published countdown would be lost with its worker.

What Celery is told, and with it results, Flower and the log, is told in our own words: class and
message, redacted, and where it happened. The error itself, with all that it carries, ends here.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import structlog
from celery.exceptions import Ignore
from celery.exceptions import Retry as CeleryRetry
from django.db import Error, connection

from deferral.crashpoints import crashpoint
from deferral.database import connections
from deferral.database.outage import is_held_up, is_our_outage
from deferral.errors import Bury, Cancelled, Outcome, Paused, Released, Retry, Snooze
from deferral.ledger import settling, stopping
from deferral.ledger.claims import Claim
from deferral.ledger.reports import report
from deferral.policies import RetryPolicy, Timetable
from deferral.text.redaction import storable

log = structlog.get_logger(__name__)

LONGEST_TOLD = 500
# Seconds until a job comes back whose lock did not come in time.
HELD_UP_FOR = (3.0, 6.0)


def settle(held: Claim, policy: RetryPolicy | Timetable, error: Exception) -> NoReturn:
    """Write down how the attempt ended, and tell Celery. Always raises.

    Should that itself fail, the lock is let go all the same (`tasks`), and the relay finds the job.
    """
    crashpoint("attempt_failed")
    if is_our_outage(error):
        _give_back(held, error)
    if is_held_up(error):
        error = _make_room(error)
    if isinstance(error, Snooze):
        _write(settling.snooze, held, wait=error.seconds)
        crashpoint("snooze_written")
        log.info("job_snoozed", wait=error.seconds, reason=told(error))
        raise _again(error, error.seconds) from None
    if isinstance(error, Paused | Cancelled | Released):
        _stop(held, error)
    if kind := _kind_of_end(held, policy, error):
        _bury(held, error, kind=kind)
    _retry(held, policy, error)


def _kind_of_end(held: Claim, policy: RetryPolicy | Timetable, error: Exception) -> str:
    """ "" where it is to be tried again."""
    if isinstance(error, (Bury, *policy.permanent)):
        return "permanent"
    return "exhausted" if held.attempts >= policy.attempts else ""


def _stop(held: Claim, error: Paused | Cancelled | Released) -> NoReturn:
    """Somebody wants a long job to stop where it is: for a while, for good, or here."""
    _write(STOPS[type(error)], held)
    crashpoint("stop_written")
    log.info("job_stopped", reason=str(error))
    if isinstance(error, Cancelled):
        raise redacted(error, Bury) from None
    raise _again(error, 0) from None


STOPS = {Paused: stopping.pause, Cancelled: stopping.cancel, Released: settling.give_back}


def _make_room(error: Exception) -> Snooze:
    """Not all who wait for the same row come back in the same second."""
    wait = random.uniform(*HELD_UP_FOR)  # noqa: S311 - no secret
    return Snooze(f"somebody else holds what it needs: {told(error)}", seconds=wait)


def _retry(held: Claim, policy: RetryPolicy | Timetable, error: Exception) -> NoReturn:
    retry_after, min_wait = (
        (error.after, error.min_wait) if isinstance(error, Retry) else (None, 0.0)
    )
    wait = max(policy.wait(held.attempts, retry_after=retry_after), min_wait)
    if not _write(settling.retry, held, wait=wait, error=report(error, kind="failed")):
        raise Ignore from error
    crashpoint("retry_written")
    log.warning("job_retried", wait=round(wait, 1), attempt=held.attempts, error=told(error))
    raise _again(error, wait) from None


def _again(error: Exception, seconds: float) -> CeleryRetry:
    """What Flower shows as RETRY. Nothing is published."""
    known, when = redacted(error, Retry), datetime.now(UTC) + timedelta(seconds=seconds)
    return CeleryRetry(str(known), exc=known, when=when).with_traceback(error.__traceback__)


def _bury(held: Claim, error: Exception, *, kind: str) -> NoReturn:
    if not _write(settling.bury, held, error=report(error, kind=kind)):
        raise Ignore from error
    crashpoint("buried")
    log.error("job_buried", kind=kind, attempt=held.attempts, error=told(error))
    raise redacted(error, Bury) from None


def redacted(error: Exception, kind: type[Outcome]) -> Outcome:
    """A redacted copy for Celery. Raise it `from None`, or the original leaks."""
    return kind(told(error)).with_traceback(error.__traceback__)


def told(error: Exception) -> str:
    """`OSError: no luck`, redacted; an outcome is the text of its reason."""
    text = str(error) if isinstance(error, Outcome) else f"{type(error).__name__}: {error}"
    return storable(text)[:LONGEST_TOLD]


def _write(change: Callable[..., bool], held: Claim, **values: Any) -> bool:
    """On a new connection when the old one fails: a time limit may have cut a statement short."""
    try:
        return change(held, **values)
    except Error:
        connection.close()
        return change(held, **values)


def _give_back(held: Claim, outage: Exception) -> NoReturn:
    """The database went away: on a new connection, if there is one; else the relay will do it."""
    log.warning("job_given_back")
    connections.drop_sessions(outage)
    try:
        settling.give_back(held)
    except Exception as error:
        raise Ignore from error
    crashpoint("given_back")
    raise Ignore
