"""The coast paths as GPX 1.1 tracks: as long as promised, along a coast that does not exist.

They begin where the equator meets the prime meridian, far out at sea, so that nobody sets out.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

# A point every hundred metres; a degree, near the equator, is 111.195 km (earth's radius 6371 km).
STEP_KM, DEGREE_KM = 0.1, 111.195
WARNING = "A generated sample. This coast does not exist: do not find your way by it."


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """A path of `km` towards `bearing` (degrees, 0 is north), and what stands beside it, by km."""

    km: int
    bearing: int
    sights: dict[int, str]


WALKS = {
    "DL-004": Walk(
        km=42,
        bearing=0,
        sights={0: "The pier", 9: "A stile", 17: "The first pub", 30: "The other pub",
                42: "The lighthouse"},
    ),
    "DL-005": Walk(
        km=35,
        bearing=180,
        sights={0: "The pier", 12: "High dune", 23: "Here the path is really gone", 35: "The end"},
    ),
}  # fmt: skip

Point = tuple[float, float]


def trail(sku: str, title: str, seed: int) -> dict[str, bytes]:
    """The walk as a file; none for a map that nobody has walked."""
    walk = WALKS.get(sku)
    return {"track.gpx": gpx(title, walk, list(points(walk, seed))).encode()} if walk else {}


def points(walk: Walk, seed: int) -> Iterator[Point]:
    """(latitude, longitude) after every step, the start included."""
    rng = random.Random(seed)  # noqa: S311 - a path, not a secret
    latitude = longitude = drift = 0.0
    yield latitude, longitude
    for _ in range(round(walk.km / STEP_KM)):
        drift = 0.9 * drift + rng.uniform(-22, 22)  # the coast turns, and turns back
        heading = math.radians(walk.bearing + drift)
        latitude += STEP_KM / DEGREE_KM * math.cos(heading)
        longitude += STEP_KM / DEGREE_KM * math.sin(heading)
        yield latitude, longitude


def gpx(title: str, walk: Walk, path: list[Point]) -> str:
    """A GPX document: the sights, then the way."""
    sights = "".join(
        f"  <wpt {place(path[round(km / STEP_KM)])}><name>{escape(name)}</name></wpt>\n"
        for km, name in walk.sights.items()
    )
    way = "".join(f"    <trkpt {place(point)}/>\n" for point in path)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Halyard" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"  <metadata><name>{escape(title)}</name><desc>{WARNING}</desc></metadata>\n"
        f"{sights}  <trk><name>{escape(title)}</name><trkseg>\n{way}  </trkseg></trk>\n</gpx>\n"
    )


def place(point: Point) -> str:
    """A point's attributes, to a tenth of a metre."""
    return f'lat="{point[0]:.6f}" lon="{point[1]:.6f}"'
