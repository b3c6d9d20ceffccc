"""An upload through a real worker with one slot, watched from outside."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deferral.models import Job, JobStep
from launcher.workers import Worker
from media.models import Asset
from media.services import receive
from tests.bench.parts.exports.made import child_of, memory
from tests.bench.parts.media.alone import Took
from tests.bench.parts.media.clips import Clip
from tests.bench.processes import cpu_seconds, resident_mib
from tests.bench.stage import Stage

# One slot, which steps back for nobody: ffmpeg is as nice as the one that it is compared with.
SLOT = Worker("media", "media", 1)
PATIENCE, TICK = 1_800.0, 0.02
MIB = 2**20 / 1e6


@dataclass
class Watched:
    """What the slot had spent when each size was begun and ended, and its memory at most, in MB."""

    began: dict[int, float] = field(default_factory=dict)
    ended: dict[int, float] = field(default_factory=dict)
    memory: float = 0.0


@dataclass(frozen=True, kw_only=True)
class FilmMade:
    """`visible`: seconds from the end of the upload to 480p. `memory`: of child and ffmpeg."""

    sizes: dict[int, Took]
    visible: float
    memory: float


@contextmanager
def slot(stage: Stage) -> Iterator[int]:
    """The child of a worker that has done nothing yet; it ends with the block."""
    worker = stage.celery(SLOT, WORKER_NICE="0")
    stage.ready()
    yield child_of(worker)
    stage.end_one(worker)


def film_made(stage: Stage, clip: Clip) -> FilmMade:
    """All sizes of it, one after the other: what was spent between two marks is one size's."""
    with slot(stage) as child:
        with clip.path.open("rb") as file:
            asset = receive(file, name="bench.mp4", verdict=Asset.Verdict.OK)
        uploaded, visible, watched = time.time(), 0.0, Watched()
        while not is_over(asset, uploaded, stage):
            watched.memory = max(watched.memory, resident_mib(child) * MIB)
            look(asset, child, watched)
            time.sleep(TICK)
        first = asset.variants.filter(kind="rendition", measure=480)
        assert first.exists(), stage.logs()
    steps = {size: step_of(asset, size) for size in watched.ended}
    visible = steps[480].ended_at.timestamp() - uploaded  # type: ignore[union-attr]
    sizes = {size: took(step, watched, size) for size, step in sorted(steps.items())}
    return FilmMade(sizes=sizes, visible=visible, memory=watched.memory)


def look(asset: Asset, child: int, watched: Watched) -> None:
    """Note what was spent by now, of whatever has begun or ended since the last look."""
    spent = cpu_seconds(child)
    for step in renditions(asset):
        size = step.job.kwargs["size"]
        watched.began.setdefault(size, spent)
        if step.ended_at:
            watched.ended.setdefault(size, spent)


def took(step: JobStep, watched: Watched, size: int) -> Took:
    """By the ledger's clock, and by the kernel's."""
    assert step.ended_at
    return Took(
        seconds=(step.ended_at - step.started_at).total_seconds(),
        cpu=watched.ended[size] - watched.began[size],
    )


def renditions(asset: Asset) -> list[JobStep]:
    """Those that were begun."""
    found = JobStep.objects.filter(job__subject=asset.subject, name="encode")
    return list(found.select_related("job"))


def step_of(asset: Asset, size: int) -> JobStep:
    """The work of one size, from beginning to end."""
    return next(step for step in renditions(asset) if step.job.kwargs["size"] == size)


def is_over(asset: Asset, began: float, stage: Stage) -> bool:
    """Whether all is made. What does not end well ends the benchmark."""
    assert time.time() < began + PATIENCE, stage.logs()
    jobs = Job.objects.filter(subject=asset.subject)
    dead = jobs.filter(state=Job.State.DEAD).first()
    assert not dead, dead and dead.errors
    return jobs.filter(key=f"asset_ready:{asset.tag}", state=Job.State.DONE).exists()


@dataclass(frozen=True, kw_only=True)
class PictureMade:
    """`cpu` in seconds, `memory` in MB above the idle child."""

    seconds: float
    cpu: float
    memory: float


def picture_made(stage: Stage, photo: bytes) -> PictureMade:
    """Its fifteen files, by a child that has made none yet."""
    with slot(stage) as child:
        idle, spent = memory(child, "VmRSS"), cpu_seconds(child)
        asset = receive(io.BytesIO(photo), name="bench.jpg", verdict=Asset.Verdict.OK)
        began = time.time()
        wait(lambda: is_over(asset, began, stage))
        cpu, most = cpu_seconds(child) - spent, memory(child, "VmHWM")
    assert asset.variants.count() == 15  # five sizes, three formats
    job = Job.objects.get(key=f"picture:{asset.tag}")
    assert job.settled_at
    lasted = (job.settled_at - job.steps.earliest("started_at").started_at).total_seconds()
    return PictureMade(seconds=lasted, cpu=cpu, memory=most - idle)


def wait(happened: Callable[[], bool]) -> None:
    """Until it has; it fails by itself."""
    while not happened():
        time.sleep(TICK)
