"""What comes of an attempt that raised: retry, snooze, bury, or nothing at all.

Retry and snooze are one update of the row and then Celery's Retry *without publishing*: Celery
acknowledges, Flower shows RETRY, and the relay gives the hint again under the same task id when it
is due. A published countdown would be lost with its worker.
"""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import structlog
from celery.exceptions import Ignore
from celery.exceptions import Retry as CeleryRetry
from django.db import Error, connection

from deferral import ledger
from deferral.errors import Bury, Retry, Snooze, describe, storable
from deferral.ledger import Claim
from deferral.outage import is_our_outage
from deferral.policies import RetryPolicy

log = structlog.get_logger(__name__)

KEPT_TRACEBACK = 4_000


def settle(held: Claim, policy: RetryPolicy, error: Exception) -> NoReturn:
    """Write down how the attempt ended, and tell Celery. Always raises.

    Should that itself fail, the lock is let go all the same (`tasks`), and the relay finds the job.
    """
    if is_our_outage(error):
        _give_back(held)
    if isinstance(error, Snooze):
        _write(ledger.snooze, held, wait=error.seconds)
        log.info("job_snoozed", wait=error.seconds, reason=str(error))
        raise _again(error, error.seconds)
    if isinstance(error, (Bury, *policy.permanent)):
        _bury(held, error, kind="permanent")
    if held.attempts >= policy.attempts:
        _bury(held, error, kind="exhausted")
    _retry(held, policy, error)


def _retry(held: Claim, policy: RetryPolicy, error: Exception) -> NoReturn:
    wish = error.after if isinstance(error, Retry) else None
    wait = policy.wait(held.attempts, wish=wish)
    if not _write(ledger.retry, held, wait=wait, error=report(error, kind="failed")):
        raise Ignore from error
    log.warning("job_retried", wait=round(wait, 1), attempt=held.attempts, error=str(error))
    raise _again(error, wait)


def _again(error: Exception, seconds: float) -> CeleryRetry:
    """What Flower shows as RETRY. Nothing is published."""
    return CeleryRetry(str(error), exc=error, when=datetime.now(UTC) + timedelta(seconds=seconds))


def _bury(held: Claim, error: Exception, *, kind: str) -> NoReturn:
    if not _write(ledger.bury, held, error=report(error, kind=kind)):
        raise Ignore from error
    log.error("job_buried", kind=kind, attempt=held.attempts, error=str(error))
    raise error


def _write(change: Callable[..., bool], held: Claim, **values: Any) -> bool:
    """On a new connection when the old one fails: a time limit may have cut a statement short."""
    try:
        return change(held, **values)
    except Error:
        connection.close()
        return change(held, **values)


def _give_back(held: Claim) -> NoReturn:
    """The database went away: on a new connection, if there is one; else the relay will do it."""
    log.warning("job_given_back")
    connection.close()
    try:
        ledger.give_back(held)
    except Exception as error:
        raise Ignore from error
    raise Ignore


def report(error: BaseException, *, kind: str) -> dict[str, Any]:
    """One entry of a row's errors: when, what kind, class, message, where."""
    lines = storable("".join(traceback.format_exception(error)))
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "kind": kind,
        **describe(error),
        "traceback": lines[-KEPT_TRACEBACK:],
    }
