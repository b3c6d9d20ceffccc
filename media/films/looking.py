"""The first look at a film: what it is, what stands for it in a page, and which work there is."""

import io
from dataclasses import asdict
from functools import partial
from typing import Any

from django.db import transaction

from deferral.crashpoints import crashpoint
from deferral.fan_out import add_parts
from deferral.handlers import job
from deferral.ledger.dead_letters import Pace
from deferral.long_jobs import Step, step
from deferral.models import JobStep
from media.announcing import announce_change
from media.errors import NotAccepted
from media.films import facts as of_films
from media.films.encoding import picture
from media.films.facts import Facts
from media.films.giving_up import thrice
from media.films.keeping import file_picture_away, film_of, key_of, row_of
from media.films.probing import probe
from media.films.reading import on_this_machine
from media.films.sizes import POSTER, frame, sizes_of
from media.models import Asset, Variant
from media.pictures.opening import opened
from media.pictures.sketching import Sketch, sketch
from media.recording import record_made

# The poster is of this share of the film: its very first picture is often black.
INTO = 0.1
# A hair's breadth between two jobs, in seconds: they come due in this order.
IN_ORDER = Pace(gap=0.001)


def look(*, tag: str) -> None:
    """Probe it, make its poster, and have the rest made by jobs of their own, the smallest first.

    A film that is not taken is refused, with a sentence in the step's result: that is no failure of
    ours, and none of its other jobs is written. Nothing happens where it was deleted meanwhile.
    """
    asset = film_of(tag)
    if asset is None:
        return
    found = step("look", partial(_probe, asset))
    if "refused" in found:
        return
    facts = Facts(**found)
    step("poster", partial(_poster, asset, facts))
    step("jobs", partial(_ask_for_the_rest, asset, facts))


def _probe(asset: Asset, current: Step) -> dict[str, Any]:
    try:
        with on_this_machine(asset.open(), asset.format) as source, thrice():
            facts = probe(source)
        of_films.check(facts, longest=asset.longest)
    except NotAccepted as error:
        return _refuse(asset, str(error), current)
    with transaction.atomic():
        known = {"width": facts.width, "height": facts.height, "seconds": facts.seconds}
        Asset.objects.filter(pk=asset.pk).update(**known)
        current.record(asdict(facts))
    return asdict(facts)


def _refuse(asset: Asset, sentence: str, current: Step) -> dict[str, Any]:
    with transaction.atomic():
        Asset.objects.filter(pk=asset.pk).update(verdict=Asset.Verdict.REFUSED)
        announce_change(asset)
        found: dict[str, Any] = current.record({"refused": sentence})
    return found


def refusal_of(asset: Asset) -> str:
    """Why the film is not taken, for whoever sent it; "" where it is, or nobody has looked yet."""
    looked = JobStep.objects.filter(
        job__key=key_of_look(asset), name="look", ended_at__isnull=False
    )
    found = looked.values_list("result", flat=True).first() or {}
    return str(found.get("refused", ""))


def key_of_look(asset: Asset) -> str:
    """Of the job that looks first."""
    return f"look:{asset.tag}"


def _poster(asset: Asset, facts: Facts, current: Step) -> str:
    shape = frame(facts.width, facts.height, POSTER)
    key = key_of(asset, Variant.Kind.POSTER, POSTER)
    with on_this_machine(asset.open(), asset.format) as source, thrice():
        content = picture(source, at=facts.seconds * INTO, frame=shape)
        content = content or picture(source, at=0, frame=shape)
    filed = file_picture_away(content, key=key)
    drawn = _sketch(content)
    crashpoint("poster_stored")
    row = row_of(asset, Variant.Kind.POSTER, POSTER, filed, shape)
    record_made(asset, [row], then=partial(_remember, asset, drawn, filed.name, current))
    return filed.name


def _remember(asset: Asset, drawn: Sketch, name: str, current: Step) -> None:
    Asset.objects.filter(pk=asset.pk).update(placeholder=drawn.placeholder, colour=drawn.colour)
    current.record(name)


def _sketch(content: bytes) -> Sketch:
    with opened(io.BytesIO(content), "jpeg") as image:
        return sketch(image)


def _ask_for_the_rest(asset: Asset, facts: Facts, current: Step) -> list[int]:
    sizes = sizes_of(facts.width, facts.height)
    rest = [
        job("media.make_rendition", key=_key(asset, size), tag=asset.tag, size=size)
        for size in sizes
    ]
    stills = job("media.make_stills", key=f"stills:{asset.tag}", tag=asset.tag)
    with transaction.atomic():
        add_parts([rest[0], stills, *rest[1:]], pace=IN_ORDER)
        current.record(sizes)
    return sizes


def _key(asset: Asset, size: int) -> str:
    return key_of(asset, Variant.Kind.RENDITION, size)
