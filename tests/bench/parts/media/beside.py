"""From payment to e-mail, and from asking to the first row of an export: beside films, and not."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from deferral.errors import NotAllowed
from deferral.ledger.control import cancel_job
from deferral.models import Job
from media.models import Asset
from media.services import receive
from tests.bench.confirming import Waits, to_mail
from tests.bench.parts.exports.made import asked_anew, finished
from tests.bench.parts.media.clips import Clip
from tests.bench.progress import say
from tests.bench.stage import Stage
from tests.rig.waiting import eventually

PATIENCE = 300.0
# More than can be made until the last e-mail. The rest is cancelled.
ENOUGH = 8
FILMS = Job.objects.filter(task__in=("media.look_at_film", "media.make_rendition"))
ENCODING = FILMS.filter(task="media.make_rendition", state=Job.State.RUNNING)
SETTLED = (Job.State.DONE, Job.State.DISCARDED)
COLUMNS = ("number", "email", "total_cents")


@contextmanager
def filming(stage: Stage, clip: Clip) -> Iterator[None]:
    """A film is encoded from here to there, or the benchmark fails; others wait behind it."""
    for _ in range(ENOUGH):
        with clip.path.open("rb") as file:
            receive(file, name="bench.mp4", verdict=Asset.Verdict.OK)
    eventually(ENCODING.exists, patience=PATIENCE, show=stage.logs)
    yield
    left = FILMS.exclude(state__in=SETTLED)
    assert left.exists(), "the films were over before the last e-mail"
    eventually(lambda: not stopped(left), patience=PATIENCE, show=stage.logs)


def stopped(left: Any) -> bool:
    """Cancel those that are left, also what a first look adds meanwhile; whether there are any."""
    for job in left.all():
        with suppress(NotAllowed):  # it is done by now
            cancel_job(job_id=job.pk, by="bench", reason="it has run for long enough")
    return bool(left.all().exists())


def beside_films(
    stage: Stage, clip: Clip, clerk: Any, *, orders: int, rounds: int
) -> tuple[Waits, Waits, Waits]:
    """Seconds to each e-mail alone, and beside films; and until an export beside films begins."""
    alone, beside, begun = Waits(), Waits(), Waits()
    stage.crew()
    stage.ready()
    to_mail(stage, 8)
    finished(stage, asked_anew(clerk, "csv", COLUMNS))  # the worker is warm
    for number in range(rounds):
        say(f"media: confirmations alone and beside films, round {number + 1} of {rounds}")
        alone += to_mail(stage, orders)
        with filming(stage, clip):
            begun.append(until_begun(stage, clerk))
            beside += to_mail(stage, orders)
    return alone, beside, begun


def until_begun(stage: Stage, clerk: Any) -> float:
    """Seconds from asking for an export until it is at work, while ffmpeg is, too."""
    export = asked_anew(clerk, "csv", COLUMNS)
    job = finished(stage, export)
    assert ENCODING.exists(), "no film was at work"
    began = job.steps.earliest("started_at").started_at
    return float((began - export.asked_at).total_seconds())
