"""A task that kills the process which runs it, every time."""

import time
from collections.abc import Iterator
from pathlib import Path

from celery import current_app
from django.db import transaction

from deferral.events import publish
from deferral.models import Job
from tests.bench.parts.problems.counting import until
from tests.bench.results import Row
from tests.bench.stage import staged
from tests.bench.systems import LEDGER, TEXTBOOK
from tests.probes.events import Poked
from tests.rig.stand_alone import Servers

NAME = "poison"
WHAT = "one task that kills its process whenever it runs; 30 s"
WATCHED = 30


def rows(servers: Servers) -> Iterator[Row]:
    """How often it runs, and where it ends."""
    with staged(servers) as stage:
        TEXTBOOK.start(stage)
        book = stage.scratch / "poison"
        with TEXTBOOK.paying():
            current_app.send_task("baselines.poison", [str(book)], queue="critical")
        time.sleep(WATCHED)
        yield row("textbook, reject_on_worker_lost", runs(book), "still running, for ever")
    with staged(servers) as stage:
        probes = {"EXTRA_APPS": "tests.probes", "PROBE_DIR": str(stage.scratch), "CRASH_GRACE": "0"}
        LEDGER.start(stage, **probes)
        with transaction.atomic():
            publish(Poked(name="it", probe="poison"), subject="probe:1")
        dead = Job.objects.filter(key="poison:it", state="dead")
        took = until(dead.exists, patience=WATCHED)
        yield row(LEDGER.title, runs(stage.scratch / "it"), f"a dead letter after {took:.0f} s")


def runs(book: Path) -> int:
    """How often it has run."""
    return len(book.read_text().splitlines()) if book.exists() else 0


def row(way: str, times: int, end: str) -> Row:
    """How it ended."""
    return {"problem": NAME, "way": way, "what else": f"ran {times} times; {end}"}
