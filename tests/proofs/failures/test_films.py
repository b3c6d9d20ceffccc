"""A film whose worker dies or leaves, or whose ffmpeg is killed: each size is there, and whole."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from deferral.models import Event, Job
from launcher.servers.process import kill_group
from launcher.workers import Worker
from media.films.finding import ffmpeg
from media.models import Asset, Variant
from media.services import receive
from tests.bench.processes import children
from tests.media.drawn import photo
from tests.media.films.filming import facts_in, film, received
from tests.rig.depth import thorough
from tests.rig.running_shop import RunningShop
from tests.rig.waiting import eventually

pytestmark = pytest.mark.timeout(300)
WORKER = Worker("media", "media", 2)
SECONDS, SIZE, RATE = 20, "1280x720", 12


@pytest.fixture
def encoding(shop: RunningShop, tmp_path: Path) -> Iterator[tuple[RunningShop, Asset]]:
    """A shop whose worker has begun with the first rendition of two."""
    before = set(Path(settings.DATA_DIR).iterdir())
    shop.relay()
    shop.celery(WORKER)
    shop.ready()
    asset = received(film(tmp_path, seconds=SECONDS, size=SIZE, rate=RATE))
    eventually(lambda: bool(encoders(shop)), show=shop.logs)
    yield shop, asset
    assert set(Path(settings.DATA_DIR).iterdir()) <= before | {Path(settings.MEDIA_ROOT)}


def started_by(pid: int) -> Iterator[int]:
    """Its processes, theirs, and so on."""
    for child in children(pid):
        yield child
        yield from started_by(child)


def encoders(shop: RunningShop) -> list[int]:
    """The ffmpegs of its worker that make films."""
    found = list(started_by(shop.named("media").pid))
    return [pid for pid in found if b"libx264" in command_of(pid)]


def command_of(pid: int) -> bytes:
    """Of what became ffmpeg; nothing of what has ended."""
    with suppress(OSError):
        if Path(f"/proc/{pid}/exe").samefile(ffmpeg()):
            return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def kill_worker(shop: RunningShop) -> None:
    """All of it, by SIGKILL."""
    worker = shop.named("media")
    kill_group(worker)
    worker.wait()


def kill_children(shop: RunningShop) -> None:
    """Those that do the work."""
    for pid in children(shop.named("media").pid):
        os.kill(pid, signal.SIGKILL)


def kill_ffmpeg(shop: RunningShop) -> None:
    """What they have started."""
    for pid in encoders(shop):
        os.kill(pid, signal.SIGKILL)


def leave(shop: RunningShop) -> None:
    """A deploy."""
    worker = shop.named("media")
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(60) == 0


def is_whole(shop: RunningShop, asset: Asset) -> None:
    """In the end: everything is made, each file is the one that its row wants, and no other."""
    ready = Event.objects.filter(type="media.asset_ready", subject=asset.subject)
    eventually(ready.exists, patience=150, show=shop.logs)
    made = list(asset.variants.filter(kind=Variant.Kind.RENDITION).order_by("measure"))
    assert [(each.measure, each.width, each.height) for each in made] == [
        (480, 854, 480),
        (720, 1280, 720),
    ]
    for each in made:
        assert facts_in(each.read()).seconds == pytest.approx(SECONDS, abs=0.5)
    assert asset.variants.filter(kind=Variant.Kind.STILL).count() == 3
    stored = {path.name for path in (settings.MEDIA_ROOT / "media").rglob(f"*{asset.tag}*.mp4")}
    assert stored == {Path(str(each.file)).name for each in made}


@pytest.mark.parametrize(
    "dies",
    [
        kill_worker,
        pytest.param(kill_children, marks=thorough),
        pytest.param(kill_ffmpeg, marks=thorough),
        leave,
    ],
)
def test_it_takes_its_ffmpeg_along_and_only_what_it_was_at_is_made_again(
    encoding: tuple[RunningShop, Asset], dies: Callable[[RunningShop], None]
) -> None:
    shop, asset = encoding
    [first] = encoders(shop)
    dies(shop)
    eventually(lambda: not command_of(first))
    assert not Variant.objects.filter(kind=Variant.Kind.RENDITION).exists()
    shop.start_again()

    is_whole(shop, asset)
    looked = Job.objects.get(key=f"look:{asset.tag}")
    assert (looked.state, looked.attempts, looked.crashes) == ("done", 1, 0)
    assert not Job.objects.filter(subject=asset.subject, state="dead").exists()


@thorough
def test_of_two_slots_a_film_takes_one_and_a_picture_is_not_behind_it(
    encoding: tuple[RunningShop, Asset],
) -> None:
    shop, asset = encoding
    [first] = encoders(shop)
    os.kill(first, signal.SIGSTOP)  # a film that takes its time
    picture = receive(photo(700, 350), name="pier.jpg")
    stills = Job.objects.filter(key=f"stills:{asset.tag}", state="done")
    eventually(lambda: picture.variants.exists() and stills.exists(), show=shop.logs)

    other = Job.objects.filter(key=f"rendition:{asset.tag}:720-mp4")
    eventually(other.filter(state="pending", snoozes__gte=1).exists, show=shop.logs)
    assert encoders(shop) == [first]
    os.kill(first, signal.SIGCONT)
    is_whole(shop, asset)
