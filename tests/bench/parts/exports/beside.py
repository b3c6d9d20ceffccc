"""From payment to e-mail while a large export is written, and while nothing is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from deferral.errors import NotAllowed
from deferral.ledger.control import cancel_job
from deferral.models import Job
from tests.bench.confirming import Waits, to_mail
from tests.bench.parts.exports.made import asked_anew
from tests.bench.progress import say
from tests.bench.stage import Stage
from tests.rig.waiting import eventually

PATIENCE = 300.0
# Exports that are asked for: more than can be written until the last e-mail. The rest is cancelled.
ENOUGH = 60
EXPORTS = Job.objects.filter(task="reports.write_export")
SETTLED = (Job.State.DONE, Job.State.DISCARDED)


def confirmations(
    stage: Stage, clerk: Any, columns: Sequence[str], *, orders: int, rounds: int
) -> tuple[Waits, Waits]:
    """Seconds to the e-mail of each order: alone, and beside an export. In turns."""
    alone, beside = Waits(), Waits()
    stage.crew()
    stage.ready()
    to_mail(stage, 8)
    for number in range(rounds):
        say(f"exports: confirmations alone and beside one, round {number + 1} of {rounds}")
        alone += to_mail(stage, orders)
        with exporting(stage, clerk, columns):
            beside += to_mail(stage, orders)
    return alone, beside


@contextmanager
def exporting(stage: Stage, clerk: Any, columns: Sequence[str]) -> Iterator[None]:
    """An export runs from here to there, or the benchmark fails; others wait behind it."""
    for number in range(ENOUGH):
        asked_anew(clerk, ("xlsx", "csv")[number % 2], columns)
    eventually(EXPORTS.filter(state=Job.State.RUNNING).exists, show=stage.logs)
    yield
    left = EXPORTS.exclude(state__in=SETTLED)
    assert left.exists(), "the exports were over before the last e-mail"
    for job in left:
        with suppress(NotAllowed):  # it is done by now
            cancel_job(job_id=job.pk, by="bench", reason="it has run for long enough")
    eventually(lambda: not left.all().exists(), patience=PATIENCE, show=stage.logs)
