"""Trying again while a customer waits: for seconds, and only where it may help.

Not for work that nobody waits for: a job has a policy, and costs no thread of the web.
"""

import time
from collections.abc import Callable

from deferral.external.long_calls import before_long_call
from orders.payments.provider.settlements import Settlement

# Seconds before each further try, and after which none is begun any more.
PAUSES, INSIST_FOR = (0.5, 1.5), 10.0


def insist(try_: Callable[[], Settlement]) -> Settlement:
    """The last outcome of at most three tries. No connection is held in between."""
    until = time.monotonic() + INSIST_FOR
    settlement = try_()
    for pause in PAUSES:
        wait = _worth_waiting(settlement, pause)
        if wait is None or time.monotonic() + wait > until:
            break
        before_long_call()
        time.sleep(wait)
        settlement = try_()
    return settlement


def _worth_waiting(settlement: Settlement, pause: float) -> float | None:
    """So many seconds; None for what is known, refused, or nobody's trouble."""
    failure = settlement.failure
    if failure is None or settlement.outcome not in {"unknown", "unavailable"}:
        return None
    if settlement.outcome == "unavailable" and failure.answered:
        return None
    return max(pause, failure.retry_after or 0.0)
