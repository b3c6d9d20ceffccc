"""What the doctor asks about the whole shop, and about settings that leave something out."""

import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from config import budget
from deferral.health import Finding, health_check


@health_check
def check_connections() -> Iterable[Finding]:
    """Open now, planned at most, allowed. More open than planned: somebody scaled past the plan."""
    limit, in_use = budget.allowed()
    most = budget.planned()
    detail = f"{in_use} open, {most} planned, PostgreSQL allows {limit}"
    yield Finding(name="connections", well=max(in_use, most) <= limit, detail=detail)


# Seconds for which a process that ended is news.
WORTH_A_LOOK = 300


@health_check
def check_supervised() -> Iterable[Finding]:
    """Processes that ended and were started again, in the words of whoever does that.

    `make up` names a file of its own. Systemd and orchestrators have lists of theirs.
    """
    programs = []
    with suppress(OSError, ValueError, KeyError):
        programs = json.loads(Path(os.environ["SUPERVISOR_STATE"]).read_text())["programs"]
    for each in programs:
        if each["restarts"]:
            age = time.time() - each["ended_at"]
            yield Finding(
                name=f"process {each['name']}",
                well=each["state"] == "ready" and age > WORTH_A_LOOK,
                detail=f"{each['state']}, started again {each['restarts']} times; "
                f"{each['why']} {age:.0f} s ago",
            )


@health_check
def check_payment() -> Iterable[Finding]:
    """Whether a customer can pay, and how we hear of it."""
    told = "" if settings.PAYMENT_WEBHOOK_SECRETS else "; PAYMENT_WEBHOOK_SECRET is not set: we ask"
    if settings.PAYMENT_TEST_METHODS:
        yield Finding(name="card payment", well=True, detail=f"test cards{told}")
        return
    detail = (
        "not set up: PAYMENT_TEST_METHODS is false, and the checkout has no field for a card yet "
        f"(docs/deploying.md, What is missing for cards){told}"
    )
    yield Finding(name="card payment", well=False, detail=detail)
