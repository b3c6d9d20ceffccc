"""What one process knows of all breakers, and the good news that it has not told yet."""

import random
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models.functions import Now

from deferral.database.snapshots import Snapshot
from deferral.errors import ServiceAway
from deferral.external import rows, rules
from deferral.external.rules import Observation, Status
from deferral.models import Breaker

# Good news may wait, and be told together; a failure is written at once. Seconds.
GOOD_NEWS_EVERY = 5.0
# Not everybody who was sent away comes back in the same second.
JITTER = 3.0


class Knowledge:
    """Of one process, for all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.breakers = Snapshot(self._read, unread="breakers_not_read")
        self.clear()

    def clear(self) -> None:
        """Nothing is known, and nothing is left to tell."""
        self.breakers.forget()
        self._clock_ahead = timedelta()
        self._answers: Counter[str] = Counter()
        self._told_at: dict[str, float] = {}

    def admit(self, service: str) -> bool:
        """Whether this call is a probe. ServiceAway when it must not be made."""
        row = self.breakers.rows().get(service)
        now = self._now()
        if row is None or rules.status(row, now) is Status.CLOSED:
            return False
        if rules.status(row, now) is Status.HALF_OPEN and rows.take_probe(service):
            return True
        reason = f"{service} is not called for now: {row.message}" if row.message else service
        wait = rules.pause(row, now) + random.uniform(0, JITTER)  # noqa: S311 - no secret
        raise ServiceAway(reason, cause=f"{service} is not called for now", seconds=wait)

    def observe(self, service: str, observed: Observation) -> None:
        """Count; write it down at once when it is news."""
        if not (observed.answers or observed.failures or observed.probe):
            return
        with self._lock:
            self._answers[service] += 0 if observed.probe else observed.answers
            if not (observed.failures or observed.probe or self._is_due(service)):
                return
            # Do not credit a probe with answers from before the breaker opened.
            answers = observed.answers if observed.probe else self._answers.pop(service, 0)
            self._told_at[service] = time.monotonic()
        row = rows.write(service, replace(observed, answers=answers))
        if row is not None:
            self.breakers.put(service, row)

    def open_breakers(self) -> dict[str, Breaker]:
        """Those that are not closed now."""
        known, now = self.breakers.rows(), self._now()
        return {
            name: row for name, row in known.items() if rules.status(row, now) is not Status.CLOSED
        }

    def _is_due(self, service: str) -> bool:
        """Whether good news is to be told now: after a failure at once, else every few seconds."""
        row = self.breakers.get(service)
        if row and row.failing_since:
            return True
        return time.monotonic() - self._told_at.get(service, 0) >= GOOD_NEWS_EVERY

    def _read(self) -> dict[str, Breaker]:
        found = list(Breaker.objects.annotate(clock=Now()))
        if found:
            self._clock_ahead = found[0].clock - datetime.now(found[0].clock.tzinfo)
        return {row.name: row for row in found}

    def _now(self) -> datetime:
        """The database's clock, by which the rows were written."""
        return datetime.now().astimezone() + self._clock_ahead
