"""What whoever uploaded something is told, and when: once for all that they sent together."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from deferral.errors import Snooze
from deferral.models import Job
from media.films.looking import refusal_of
from media.models import Asset, Variant

# The job that announces that all is made: `asset_ready:7kq2m9xv`.
ANNOUNCED = Job.objects.filter(key=Concat(Value("asset_ready:"), OuterRef("tag")))
LIVES = (Job.State.WAITING, Job.State.PENDING, Job.State.RUNNING, Job.State.PAUSED)
OTHERS = "Others that were sent with it are still being made."
# Seconds until it is looked again.
WAIT = 30.0
# What is looked at of an upload. Stills and a poster without a film are nothing to see.
WORTH_SEEING = (Variant.Kind.PICTURE, Variant.Kind.RENDITION)


class Fate(models.TextChoices):
    """What became of an upload."""

    SEEN = "seen"
    UNDECIDED = "undecided", "nobody sees it before staff have looked"
    HIDDEN = "hidden", "it was decided that nobody sees it"
    UNMADE = "unmade", "nothing could be made of it"


BY_VERDICT = {Asset.Verdict.OK: Fate.SEEN, Asset.Verdict.REFUSED: Fate.HIDDEN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One upload. `missing`: what of it could not be made, in the words of who gave it up."""

    asset: Asset
    fate: Fate
    missing: tuple[str, ...]


def claim_news(asset: Asset, *, key: str) -> Sequence[Told]:
    """What the mail of this key tells: all of this kind by this person that is over and untold.

    Snooze while others of these are being made: one mail tells of all, and whoever waits for it
    tells of the rest where that one is deleted. Nothing where another mail tells of this one. Safe
    to repeat: the same key claims the same again, and nobody else does.
    """
    with transaction.atomic():
        mine = Asset.objects.filter(uploaded_by=asset.uploaded_by, kind=asset.kind)
        untold = mine.filter(told_with="").select_for_update()
        if untold.filter(pk=asset.pk).exists():
            if are_being_made(untold):
                raise Snooze(OTHERS, seconds=WAIT)
            over = untold.filter(Exists(ANNOUNCED.filter(state=Job.State.DONE)))
            ids = [each.pk for each in over.order_by("pk")]
            Asset.objects.filter(pk__in=ids).update(told_with=key)
    return [_told(each) for each in mine.filter(told_with=key).order_by("pk")]


def are_being_made(uploads: QuerySet[Asset]) -> bool:
    """Whether there is one of which something is still to come."""
    lives = Exists(ANNOUNCED.filter(state__in=LIVES))
    return uploads.order_by().filter(lives).exists()


def _told(asset: Asset) -> Told:
    dead = Job.objects.filter(subject=asset.subject, state=Job.State.DEAD).order_by("id")
    refused = filter(None, [refusal_of(asset)])
    return Told(asset=asset, fate=_fate(asset), missing=(*refused, *map(_in_words, dead)))


def _fate(asset: Asset) -> Fate:
    if not asset.variants.filter(kind__in=WORTH_SEEING, forgotten_at=None).exists():
        return Fate.UNMADE
    return BY_VERDICT.get(Asset.Verdict(asset.verdict), Fate.UNDECIDED)


def _in_words(job: Job) -> str:
    """Which it was, of a film's sizes: the others are there."""
    words = job.cause or job.task
    return f"{job.kwargs['size']}p: {words}" if "size" in job.kwargs else words
