"""Waiting for a job at a terminal: how far it is, and why nothing moves where nothing does."""

import time
from collections.abc import Callable

from deferral.ledger.living import is_living
from deferral.ledger.why import why_it_waits
from deferral.models import Job

# Seconds between two looks, and after how many without news a person begins to wonder.
EVERY, STILL = 0.5, 5.0
NO_RELAY = "no relay runs, and nothing is handed out without one"
ASK = "`manage.py doctor` says what is missing. Ctrl+C ends the waiting, and not the work."


class Waiting:
    """Says each news once, and why there is none when there was none for a while."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._last = ""
        self._why = ""
        self._since = time.monotonic()

    def look(self, key: str, news: str) -> None:
        """Wait until the next look at the job of that key. `news`: how far it is now."""
        now = time.monotonic()
        if news != self._last:
            self._say(news)
            self._last, self._since = news, now
        elif now - self._since >= STILL:
            self._tell(why_nothing_moves(key))
        time.sleep(EVERY)

    def _tell(self, why: str) -> None:
        if why and why != self._why:
            self._say(f"Nothing moves: {why}. {ASK}")
        self._why = why


def why_nothing_moves(key: str) -> str:
    """In half a sentence or more; "" of a job that runs."""
    if not is_living("relay"):
        return NO_RELAY
    job = Job.objects.filter(key=key).first()
    if job is None:
        return "the relay has not come to what asks for it"
    return why_it_waits(job).removesuffix(".")
