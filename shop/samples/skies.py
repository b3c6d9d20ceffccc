"""Twenty-four skies over one roof, an hour apart: wallpapers that fit any screen."""

import math
import random

from shop.art.svg import circle, document, gradient, path, rect

WIDTH, HEIGHT = 1920, 1080
# The sky's colours, at the zenith and over the horizon, at some hours; between them it changes.
COLOURS = (
    (0, "#0b1430", "#27365e"), (5, "#26305f", "#a77f96"), (7, "#7fa9cf", "#f7cfa3"),
    (12, "#5fa8d3", "#dff0ee"), (17, "#7fb0cc", "#f6dfb4"), (20, "#5a4a80", "#f0986a"),
    (22, "#16204a", "#54507c"), (24, "#0b1430", "#27365e"),
)  # fmt: skip
RISE, SET = 6, 21


def day(seed: int) -> dict[str, bytes]:
    """A file for every hour."""
    return {f"skies/sky-{hour:02}.svg": sky(hour, seed).encode() for hour in range(24)}


def sky(hour: int, seed: int) -> str:
    """The sky at a full hour. The stars and the roof stay where they are."""
    rng = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    top, low = colours(hour)
    is_night = not RISE <= hour <= SET
    drawn = gradient("sky", top, low) + rect(0, 0, WIDTH, HEIGHT, "url(#sky)")
    drawn += (stars(rng) if is_night else "") + sun_or_moon(hour, is_night=is_night) + clouds(hour)
    drawn += roof(mixed(low, "#0d1220", 0.82), "#ffd27a" if is_night else mixed(top, low, 0.5))
    return document(drawn, width=WIDTH, height=HEIGHT, label=f"The sky at {hour:02}:00")


def colours(hour: int) -> tuple[str, str]:
    """Zenith and horizon."""
    later = next(n for n, (at, _, _) in enumerate(COLOURS) if at > hour)
    (begin, top, low), (end, next_top, next_low) = COLOURS[later - 1 : later + 1]
    share = (hour - begin) / (end - begin)
    return mixed(top, next_top, share), mixed(low, next_low, share)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: `one` at a share of 0, `other` at 1."""
    pairs = ((int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def sun_or_moon(hour: int, *, is_night: bool) -> str:
    """On its way from left to right, highest in the middle."""
    way = ((hour - SET) % 24) / (24 - SET + RISE) if is_night else (hour - RISE) / (SET - RISE)
    x, y = WIDTH * (0.08 + 0.84 * way), HEIGHT * (0.78 - 0.6 * math.sin(math.pi * way))
    if is_night:
        return circle(x, y, 44, "#f4efdc") + circle(x, y, 90, "#f4efdc", more=' opacity=".12"')
    return circle(x, y, 130, "#fff2cf", more=' opacity=".3"') + circle(x, y, 74, "#fff2cf")


def stars(rng: random.Random) -> str:
    """More of them where the sky is dark."""
    return "".join(
        circle(WIDTH * rng.random(), HEIGHT * 0.75 * rng.random() ** 1.5, rng.choice((1.5, 2, 3)),
               "#fff9e6")
        for _ in range(70)
    )  # fmt: skip


def clouds(hour: int) -> str:
    """Three banks, driven by the wind, other ones every hour."""
    rng = random.Random(hour)  # noqa: S311 - a drawing, not a secret
    drawn = ""
    for _ in range(3):
        x, y, w = WIDTH * rng.random(), HEIGHT * rng.uniform(0.15, 0.6), rng.uniform(220, 480)
        for step in range(3):
            left, wide = x - w / 2 + step * w * 0.12, w * (1 - step * 0.28)
            drawn += rect(round(left), round(y - step * 22), round(wide), 36, "#fff", r=18,
                          more=' opacity=".16"')  # fmt: skip
    return drawn


def roof(wall: str, window: str) -> str:
    """The house everything happens over."""
    hill = path(f"M0 {HEIGHT}V960Q520 870 980 930T{WIDTH} 900V{HEIGHT}Z", wall)
    house = path("M1240 930V800L1370 700L1500 800V930Z", wall) + rect(1430, 712, 34, 70, wall)
    return hill + house + rect(1346, 820, 48, 56, window)
