"""A still every ten seconds, and at least three: for whoever looks through or judges a film.

They are made of the film as it came, which is there at once. One of a few key frames may have to be
decoded from its beginning for each of them: that is given up after a minute of computing, and they
are made of its smallest size, which has a key frame every few seconds, once there is that.
"""

import signal
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.errors import Snooze
from deferral.fan_out import add_parts
from deferral.handlers import job
from deferral.long_jobs import Step, step
from deferral.models import Job
from media.films.encoding import picture
from media.films.errors import ProgramFailed
from media.films.giving_up import thrice
from media.films.keeping import file_picture_away, film_of, key_of, row_of
from media.films.reading import Source, on_this_machine
from media.films.sizes import SIZES, STILL, frame
from media.models import Asset, Variant
from media.recording import record_made

EVERY = 10
# What lasts for less than twenty seconds has its middle and its last second besides.
AT_LEAST = 3
# What ended it where it has computed for too long, or had too much of the machine's memory.
TOO_MUCH = (-signal.SIGXCPU, -signal.SIGKILL)
WAITED = "Its stills take too long of the film itself: they are made of its smallest size."
TO_COME = (Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)
# Seconds until it is looked again for that.
WAIT = 60.0


def make_stills(*, tag: str) -> None:
    """Make them one by one, from wherever it is, and then have them judged. Safe to repeat.

    Nothing happens where the film was deleted meanwhile.
    """
    asset = film_of(tag)
    if asset is None:
        return
    seconds = seconds_of(asset.seconds or 0)
    step("stills", partial(_make_all, asset, seconds), total=len(seconds), unit="stills")
    step("verdict", partial(_ask_for_a_verdict, asset))


def seconds_of(length: float) -> list[int]:
    """Of which there are stills."""
    whole = max(1, round(length))
    found = list(range(0, whole, EVERY))
    return found if len(found) >= AT_LEAST else sorted({*found, whole // 2, whole - 1})


def _make_all(asset: Asset, seconds: Sequence[int], current: Step) -> int:
    """Each is a checkpoint. A film whose sound goes on longer has no picture there."""
    with _easiest(asset) as source:
        for number, second in enumerate(seconds, 1):
            if number > (current.cursor or 0) and not _make(asset, source, second, number, current):
                break
    return asset.variants.filter(kind=Variant.Kind.STILL).count()


def _easiest(asset: Asset) -> AbstractContextManager[Source]:
    """Its smallest size where there is one by now, else the film itself."""
    sizes = asset.variants.filter(kind=Variant.Kind.RENDITION, forgotten_at=None)
    one = sizes.order_by("measure").first() or asset
    return on_this_machine(one.open(), one.format)


@contextmanager
def _patient(asset: Asset) -> Iterator[None]:
    """Snooze, until its smallest size is there, where it takes too much without it."""
    try:
        yield
    except ProgramFailed as error:
        smallest = Job.objects.filter(key=key_of(asset, Variant.Kind.RENDITION, SIZES[0]))
        if error.code in TOO_MUCH and smallest.filter(state__in=TO_COME).exists():
            raise Snooze(WAITED, seconds=WAIT) from error
        raise


def _make(asset: Asset, source: Source, second: int, number: int, current: Step) -> bool:
    """False where the film is deleted."""
    shape = frame(asset.width, asset.height, STILL)
    with thrice(), _patient(asset):
        content = picture(source, at=second, frame=shape)
    filed = content and file_picture_away(content, key=key_of(asset, Variant.Kind.STILL, second))
    crashpoint("still_stored")
    rows = [row_of(asset, Variant.Kind.STILL, second, filed, shape)] if filed else []
    return record_made(asset, rows, then=partial(current.checkpoint, number, done=number))


def _ask_for_a_verdict(asset: Asset, current: Step) -> None:
    with transaction.atomic():
        add_parts([job("media.judge_film", key=f"verdict:{asset.tag}", tag=asset.tag)])
        current.record(None)
