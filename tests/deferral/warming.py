"""A value for tests, and what others would do to it."""

import threading
import time
from typing import Any

from deferral.models import Event
from deferral.warm import entries
from deferral.warm.rebuilding import rebuild
from deferral.warm.values import VALUES, Warm
from shop.warm.shelves import REBUILD

LONG_AGO = 90.0


class Built:
    """Counts its builds; what it gives is `says` when a build begins. It may be held up."""

    def __init__(self, *, task: str = REBUILD, fresh: float = 60.0, usable: float = 600.0) -> None:
        self.builds, self.says = 0, "first"
        self.goes_on, self.has_begun = threading.Event(), threading.Event()
        self.goes_on.set()
        self._lock = threading.Lock()
        self.warm = Warm(name="tests.value", build=self, fresh=fresh, usable=usable, task=task)
        VALUES[self.warm.name] = self.warm

    def __call__(self, of: str) -> Any:
        says = self.says
        with self._lock:
            self.builds += 1
        self.has_begun.set()
        assert self.goes_on.wait(30)
        return says

    def was_kept(self, *, ago: float = 0.0, says: str = "kept") -> None:
        """By somebody, so many seconds ago."""
        mark = entries.mark_before(self.warm, "")
        entries.keep(self.warm, "", says, mark=mark, built=time.time() - ago)


def ordered() -> list[dict[str, Any]]:
    """The rebuilds that somebody has ordered."""
    found = Event.objects.filter(type="deferral.job_asked_for", payload__task=REBUILD)
    return [event.payload["kwargs"] for event in found.order_by("id")]


def rebuilt() -> None:
    """All that was ordered, by a worker."""
    for kwargs in ordered():
        rebuild(**kwargs)
