"""A photo, a film in all its sizes beside ffmpeg alone, and confirmations beside films."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from media.films.probing import probe
from media.films.reading import Source
from media.films.sizes import sizes_of
from tests.bench.confirming import slower, told
from tests.bench.options import Options
from tests.bench.parts.media import marks
from tests.bench.parts.media.alone import Took, ffmpeg_alone
from tests.bench.parts.media.beside import beside_films
from tests.bench.parts.media.clips import Clip, photo_of_12_megapixels
from tests.bench.parts.media.made import FilmMade, film_made, picture_made
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import staged
from tests.reports.exports.exporting import somebody
from tests.rig.stand_alone import Servers


def media(servers: Servers, options: Options) -> Result:
    """ffmpeg alone and a worker take turns, so that both have the same neighbours."""
    clip, photo = Clip(options.film, options.film_seconds), photo_of_12_megapixels()
    result = Result("media", f"A photo, and {clip.seconds} s of a film of {clip.height}p")
    say(f"media: the film, {clip.path.stat().st_size / 1e6:.0f} MB")
    with staged(servers) as stage:
        stage.relay()
        say("media: a photo of 12 megapixels")
        pictures = [picture_made(stage, photo) for _ in range(options.rounds)]
        alone, films = list[Mapping[int, Took]](), list[FilmMade]()
        for number in range(options.rounds):
            say(f"media: ffmpeg alone and a worker, round {number + 1} of {options.rounds}")
            alone.append(all_alone(clip, servers.home))
            films.append(film_made(stage, clip))
        clerk = somebody("orders.view_order", email="films@halyard.example")
        quiet, busy, begun = beside_films(
            stage, clip, clerk, orders=options.beside, rounds=options.rounds
        )
    theirs, ours = marks.by_size(alone), marks.by_size([film.sizes for film in films])
    result.rows.append(marks.of_picture(pictures))
    result.rows += [marks.of_size(size, theirs[size], ours[size]) for size in ours]
    result.marks = [*marks.of_pictures(pictures), *marks.of_films(theirs, ours, films)]
    result.marks += [slower(quiet, busy, "a film"), marks.of_exports(begun)]
    result.notes.append(
        f"photo: {len(photo) / 1e6:.1f} MB; film: {clip.path.stat().st_size / 1e6:.0f} MB"
    )
    result.notes += [
        f"{len(found)} confirmations {how}, seconds to the e-mail: {told(found)}"
        for how, found in {"alone": quiet, "beside a film": busy}.items()
    ]
    return result


def all_alone(clip: Clip, home: Path) -> dict[int, Took]:
    """Each size that is made of it."""
    with clip.path.open("rb") as file:
        facts = probe(Source(file.fileno()))
    with tempfile.TemporaryDirectory(dir=home) as folder:
        sizes = sizes_of(facts.width, facts.height)
        return {size: ffmpeg_alone(clip, size, Path(folder)) for size in sizes}
