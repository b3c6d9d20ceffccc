"""One size of a film, by one job: killed, it alone is made again; given up, the others stay."""

from contextlib import suppress
from functools import partial

from deferral.alone import alone_in_its_worker
from deferral.crashpoints import crashpoint
from deferral.long_jobs import Step, step
from media.errors import NotAccepted
from media.films.encoding import Wanted, encode
from media.films.errors import FilmDeleted, FilmLost, NotWhole
from media.films.giving_up import thrice
from media.films.keeping import file_source_away, film_of, key_of, row_of
from media.films.probing import probe
from media.films.reading import Source, on_this_machine, temporary
from media.films.sizes import SIZES, frame
from media.models import Asset, Variant
from media.recording import record_made

# Of its length so much may be missing, and as many seconds: a film of one picture has no length.
SHARE, SECONDS = 0.01, 0.5
# Seconds that the smallest waits for its turn, until it asks again; a larger one waits longer.
WAIT = 2.0


def make_rendition(*, tag: str, size: int) -> None:
    """Encode it, look at what came of it, and only then keep it. Safe to repeat, and to kill.

    Nothing happens where the film was deleted meanwhile, and ffmpeg ends where it is now.
    """
    asset = film_of(tag)
    if asset is None:
        return
    with suppress(FilmDeleted), alone_in_its_worker(wait=WAIT * size / SIZES[0]):
        total = round(asset.seconds or 0)
        step("encode", partial(_make, asset, size), total=total, unit="seconds")


def _make(asset: Asset, size: int, current: Step) -> str:
    if not asset.seconds:
        msg = "Its length is not known."
        raise FilmLost(msg)
    shape = frame(asset.width, asset.height, size)
    with on_this_machine(asset.open(), asset.format) as source, temporary() as file:
        target = Source(file.fileno())
        wanted = Wanted(source=source, seconds=asset.seconds, size=size, frame=shape, target=target)
        with thrice():
            encode(wanted, partial(_watch, asset, current))
            _check(wanted)
        crashpoint("film_encoded")
        filed = file_source_away(target, key=key_of(asset, Variant.Kind.RENDITION, size))
    row = row_of(asset, Variant.Kind.RENDITION, size, filed, shape)
    record_made(asset, [row], then=partial(current.record, filed.name))
    return filed.name


def _watch(asset: Asset, current: Step, seconds: float) -> None:
    """Nobody has ten minutes encoded by sending a film and taking it away. FilmDeleted."""
    if film_of(asset.tag) is None:
        raise FilmDeleted
    current.advance(int(seconds))


def _check(wanted: Wanted) -> None:
    """An exit code of 0 proves nothing: what was made is read through. NotWhole."""
    try:
        found = probe(wanted.target)
    except NotAccepted as error:
        raise NotWhole(str(error)) from error
    missing = abs(found.seconds - wanted.seconds)
    if missing > max(SHARE * wanted.seconds, SECONDS):
        msg = f"It has {found.seconds:g} of {wanted.seconds:g} seconds."
        raise NotWhole(msg)
    shape = wanted.frame
    if (found.width, found.height) != (shape.width, shape.height):
        msg = f"It has {found.width} by {found.height} of {shape.width} by {shape.height} pixels."
        raise NotWhole(msg)
