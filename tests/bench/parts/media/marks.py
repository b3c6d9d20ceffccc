"""What was promised of pictures and films, and the lines of the tables."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

from tests.bench.parts.media.alone import Took
from tests.bench.parts.media.made import FilmMade, PictureMade
from tests.bench.results import Row
from tests.bench.statistics import Mark, at_most, middle, ratio

PICTURE_CPU, PICTURE_MEMORY = 1.6, 100  # seconds, MB above the idle child
OF_FFMPEG = 1.1
# 480p is there after so many times ffmpeg's own 480p, and so many seconds.
SHARE, MORE = 1.3, 3.0
SLOT = 700  # MB
BEGUN = 2.0  # seconds: an export has a worker of its own

Rounds = Mapping[int, Sequence[Took]]


def by_size(rounds: Sequence[Mapping[int, Took]]) -> Rounds:
    """What each round took, by size. Each made the same ones."""
    assert all(each.keys() == rounds[0].keys() for each in rounds)
    return {size: [each[size] for each in rounds] for size in sorted(rounds[0])}


def of_size(size: int, alone: Sequence[Took], ours: Sequence[Took]) -> Row:
    """One line of the table: medians of the rounds."""
    return {
        "what": f"{size}p",
        "ffmpeg s": round(median(alone, "seconds"), 1),
        "ours s": round(median(ours, "seconds"), 1),
        "ffmpeg CPU s": round(median(alone, "cpu"), 1),
        "ours CPU s": round(median(ours, "cpu"), 1),
    }


def of_picture(made: Sequence[PictureMade]) -> Row:
    """The same of a picture."""
    return {
        "what": "picture, 15 files",
        "ours s": round(middle([each.seconds for each in made]), 2),
        "ours CPU s": round(middle([each.cpu for each in made]), 2),
    }


def of_pictures(made: Sequence[PictureMade]) -> list[Mark]:
    """Promised of a photo of 12 megapixels."""
    cpu = middle([each.cpu for each in made])
    most = max(each.memory for each in made)
    return [
        at_most("picture: CPU", cpu, PICTURE_CPU, "s"),
        at_most("picture: memory above the idle child", most, PICTURE_MEMORY, "MB"),
    ]


def of_films(alone: Rounds, ours: Rounds, made: Sequence[FilmMade]) -> list[Mark]:
    """Promised of a film."""
    assert alone.keys() == ours.keys()
    found = [mark for size in ours for mark in compared(size, alone[size], ours[size])]
    own = median(alone[480], "seconds")
    visible = middle([each.visible for each in made])
    most = max(each.memory for each in made)
    return [
        *found,
        at_most("480p visible after the upload", visible, SHARE * own + MORE, "s"),
        at_most("a slot: child and ffmpeg", most, SLOT, "MB"),
    ]


def compared(size: int, alone: Sequence[Took], ours: Sequence[Took]) -> list[Mark]:
    """How many times ffmpeg's own."""
    names = {"seconds": "time", "cpu": "CPU"}
    return [
        at_most(
            f"{size}p: {shown} / ffmpeg's alone",
            ratio(median(ours, name), median(alone, name)),
            OF_FFMPEG,
            "x",
        )
        for name, shown in names.items()
    ]


def of_exports(begun: Sequence[float]) -> Mark:
    """Promised of exports."""
    return at_most("an export beside films begins after", max(begun), BEGUN, "s")


def median(found: Sequence[Took], name: str) -> float:
    """Of one of its columns."""
    return middle([attrgetter(name)(each) for each in found])
