"""Pictures that were made before there was a size: each gets that by a job of its own, at night."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from deferral.fan_out import add_parts
from deferral.handlers import JobSpec, job
from deferral.ledger.dead_letters import Pace
from deferral.long_jobs import Step, step
from media.models import Asset, Variant
from media.pictures.making import missing

CHUNK = 200
# A night's work: a picture takes a tenth of a second for a size, and others are not behind them.
MOST = 5_000
SLOWLY = Pace(gap=0.5)
MADE = Variant.objects.filter(asset=OuterRef("pk"), kind=Variant.Kind.PICTURE)


def complete_pictures() -> None:
    """Have the sizes made that are missing of what was made before. Safe to repeat: what was asked
    for once is asked for again only when nothing is known of that job any more.

    A picture of which nothing could be made is left alone.
    """
    step("ask", _ask, unit="pictures")


def _ask(current: Step) -> int:
    at = current.cursor or {"last": 0, "asked": 0}
    while at["asked"] < MOST and (found := _after(at["last"])):
        wanted = list(_wanted(found))
        asked = at["asked"] + len(wanted)
        with transaction.atomic():
            add_parts(wanted, pace=Pace(gap=SLOWLY.gap, first=at["asked"]))
            at = {"last": found[-1].pk, "asked": asked}
            current.checkpoint(at, done=asked)
    return int(at["asked"])


def _after(last: int) -> Sequence[Asset]:
    pictures = Asset.objects.filter(pk__gt=last, kind=Asset.Kind.PICTURE, forgotten_at=None)
    return list(pictures.filter(Exists(MADE)).order_by("pk")[:CHUNK])


def _wanted(assets: Sequence[Asset]) -> Iterator[JobSpec]:
    for asset in assets:
        if sizes := missing(asset):
            key = f"picture:{asset.tag}:{'-'.join(map(str, sizes))}"
            yield job("media.make_picture", key=key, tag=asset.tag)
