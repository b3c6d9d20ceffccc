"""One circuit breaker for each stranger, shared by all processes: a row, read once a second.

Every call of a stranger goes through `calling`. It spares a stranger in trouble a thousand calls,
and us a thousand waits; nothing depends on it: when its row cannot be read, work goes through.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from deferral.database.outage import is_our_outage
from deferral.errors import Outcome, StrangerAway
from deferral.external import rules as rules
from deferral.external.rules import Heard, Standing
from deferral.failure_kinds import Trouble, said
from deferral.models import Breaker
from deferral.text.redaction import storable

log = structlog.get_logger(__name__)

# Seconds for which a process believes what it has read.
FRESH = 1.0
# Good news may wait, and be told together; a failure is written at once.
GOOD_NEWS_EVERY = 5.0
# Nothing depends on what is written here: neither the disk nor somebody's lock is waited for.
BRIEFLY = """
SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '500ms', true)
"""
# Not everybody who was sent away comes back in the same second.
SPREAD = 3.0


class Call:
    """One call under way. Without a word it was answered, whatever the answer."""

    def __init__(self, *, probe: bool) -> None:
        self.is_certain = False
        self.heard = Heard(answers=1, probe=probe)

    def answered(self) -> None:
        """It did, whatever is raised about its answer."""
        self.is_certain = True

    def failed(self, reason: str, trouble: Trouble) -> None:
        """No answer, or one of somebody in trouble (5xx)."""
        self.is_certain = True
        message, probe = storable(reason), self.heard.probe
        self.heard = Heard(failures=1, message=message, trouble=trouble, probe=probe)

    def busy(self, reason: str, *, seconds: float | None) -> None:
        """It asks to be left alone for so long (429 with Retry-After; None: it did not say)."""
        wish = rules.FIRST_PAUSE if seconds is None else seconds
        self.failed(reason, Trouble.BUSY)
        self.heard = replace(self.heard, busy=wish)


@contextmanager
def calling(stranger: str) -> Iterator[Call]:
    """Around one call of a stranger, outside any transaction. StrangerAway when it is left alone.

    What is raised inside and is no Outcome says nothing about the stranger, unless `call` does.
    """
    probe = _MEMORY.admit(stranger)
    call = Call(probe=probe)
    try:
        yield call
    except SoftTimeLimitExceeded:
        call.failed(f"{said(stranger, None)} within the task's time limit", Trouble.SILENT)
        raise
    except BaseException as error:
        if not (isinstance(error, Outcome) or call.is_certain):
            call.heard = Heard(probe=probe)
        raise
    finally:
        _MEMORY.hear(stranger, call.heard)


def left_alone() -> dict[str, Breaker]:
    """By name: the strangers whose breaker is not closed. At most a second old."""
    return _MEMORY.left_alone()


def forget() -> None:
    """What this process has read and not yet told: for tests, which work behind its back."""
    _MEMORY.clear()


class _Memory:
    """What this process knows of all breakers, and the good news it has not told yet."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        """Nothing is known."""
        self._rows: dict[str, Breaker] = {}
        self._written: dict[str, Breaker] = {}  # since the last read began
        self._read_at = float("-inf")
        self._clock_ahead = timedelta()
        self._answers: Counter[str] = Counter()
        self._told_at: dict[str, float] = {}

    def admit(self, stranger: str) -> bool:
        """Whether this call is a probe. StrangerAway when it must not be made."""
        row = self._known().get(stranger)
        now = self._now()
        if row is None or rules.standing(row, now) is Standing.CLOSED:
            return False
        if rules.standing(row, now) is Standing.HALF_OPEN and _take_probe(stranger):
            return True
        reason = f"{stranger} is left alone: {row.message}" if row.message else stranger
        wait = rules.pause(row, now) + random.uniform(0, SPREAD)  # noqa: S311 - no secret
        raise StrangerAway(reason, cause=f"{stranger} is left alone", seconds=wait)

    def hear(self, stranger: str, heard: Heard) -> None:
        """Count; write it down at once when it is news."""
        if not (heard.answers or heard.failures or heard.probe):
            return
        with self._lock:
            self._answers[stranger] += 0 if heard.probe else heard.answers
            if not (heard.failures or heard.probe or self._is_due(stranger)):
                return
            # Answers from before it opened are no probe's.
            answers = heard.answers if heard.probe else self._answers.pop(stranger, 0)
            self._told_at[stranger] = time.monotonic()
        row = _write(stranger, replace(heard, answers=answers))
        if row is not None:
            with self._lock:
                self._rows[stranger] = self._written[stranger] = row

    def _is_due(self, stranger: str) -> bool:
        """Whether good news is to be told now: after a failure at once, else every few seconds."""
        row = self._rows.get(stranger)
        if row and row.failing_since:
            return True
        return time.monotonic() - self._told_at.get(stranger, 0) >= GOOD_NEWS_EVERY

    def left_alone(self) -> dict[str, Breaker]:
        """Those that are not closed now."""
        known, now = self._known(), self._now()
        return {
            name: row
            for name, row in known.items()
            if rules.standing(row, now) is not Standing.CLOSED
        }

    def _known(self) -> dict[str, Breaker]:
        """One thread reads, and nobody waits for it but at the very first."""
        with self._lock:
            is_first = self._read_at == float("-inf")
            is_due = time.monotonic() - self._read_at >= FRESH
            if is_due:
                self._read_at, self._written = time.monotonic(), {}
            if is_first:
                self._read()
        if is_due and not is_first:
            self._read()
        return self._rows

    def _read(self) -> None:
        try:
            rows = list(Breaker.objects.annotate(clock=Now()))
        except Error as error:
            _survive(error, "breakers_not_read")
            self._rows = {}
            return
        with self._lock:
            self._rows = {row.name: row for row in rows} | self._written
        if rows:
            self._clock_ahead = rows[0].clock - datetime.now(rows[0].clock.tzinfo)

    def _now(self) -> datetime:
        return datetime.now().astimezone() + self._clock_ahead


_MEMORY = _Memory()


def _take_probe(stranger: str) -> bool:
    """Whether we are the one: an update of the row that only one can make."""
    free = Q(probe_until__isnull=True) | Q(probe_until__lte=Now())
    asked = Breaker.objects.filter(free, name=stranger, openings__gt=0, open_until__lte=Now())
    try:
        return bool(asked.update(probe_until=Now() + rules.PROBE_LEASE))
    except Error as error:
        _survive(error, "probe_not_taken")
        return True


def _survive(error: Error, what: str) -> None:
    """Go on without the breaker. A database that is away is the caller's to hear of, as ever: its
    session is gone, and with it a job's lock.
    """
    if is_our_outage(error):
        raise error
    log.warning(what, error=str(error))


def _write(stranger: str, heard: Heard) -> Breaker | None:
    """The row after this; None when the database would not have it."""
    try:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute(BRIEFLY)
            locked = Breaker.objects.filter(name=stranger).select_for_update()
            row = locked.annotate(clock=Now()).first()
            if row is None:
                Breaker.objects.bulk_create([Breaker(name=stranger)], ignore_conflicts=True)
                row = locked.annotate(clock=Now()).get()
            before = row.openings
            rules.hear(row, heard, now=row.clock)
            row.save()
    except Error as error:
        _survive(error, "breaker_not_written")
        return None
    if bool(before) != bool(row.openings):
        verb = "breaker_opened" if row.openings else "breaker_closed"
        log.warning(verb, stranger=stranger, until=row.open_until, message=row.message)
    return row
