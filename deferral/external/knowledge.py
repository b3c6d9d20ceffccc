"""What one process knows of all breakers, and the good news that it has not told yet."""

import random
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models.functions import Now

from deferral.database.snapshots import Snapshot
from deferral.errors import StrangerAway
from deferral.external import rows, rules
from deferral.external.rules import Heard, Standing
from deferral.models import Breaker

# Good news may wait, and be told together; a failure is written at once. Seconds.
GOOD_NEWS_EVERY = 5.0
# Not everybody who was sent away comes back in the same second.
SPREAD = 3.0


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

    def admit(self, stranger: str) -> bool:
        """Whether this call is a probe. StrangerAway when it must not be made."""
        row = self.breakers.rows().get(stranger)
        now = self._now()
        if row is None or rules.standing(row, now) is Standing.CLOSED:
            return False
        if rules.standing(row, now) is Standing.HALF_OPEN and rows.take_probe(stranger):
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
            # Do not credit a probe with answers from before the breaker opened.
            answers = heard.answers if heard.probe else self._answers.pop(stranger, 0)
            self._told_at[stranger] = time.monotonic()
        row = rows.write(stranger, replace(heard, answers=answers))
        if row is not None:
            self.breakers.put(stranger, row)

    def left_alone(self) -> dict[str, Breaker]:
        """Those that are not closed now."""
        known, now = self.breakers.rows(), self._now()
        return {
            name: row
            for name, row in known.items()
            if rules.standing(row, now) is not Standing.CLOSED
        }

    def _is_due(self, stranger: str) -> bool:
        """Whether good news is to be told now: after a failure at once, else every few seconds."""
        row = self.breakers.get(stranger)
        if row and row.failing_since:
            return True
        return time.monotonic() - self._told_at.get(stranger, 0) >= GOOD_NEWS_EVERY

    def _read(self) -> dict[str, Breaker]:
        found = list(Breaker.objects.annotate(clock=Now()))
        if found:
            self._clock_ahead = found[0].clock - datetime.now(found[0].clock.tzinfo)
        return {row.name: row for row in found}

    def _now(self) -> datetime:
        """The database's clock, by which the rows were written."""
        return datetime.now().astimezone() + self._clock_ahead
