"""Which sizes are made of a film, and what each measures. Sizes name the shorter side."""

from dataclasses import dataclass

# The first of them can be watched while the others are made.
SIZES = (480, 720, 1080, 2160)
STILL, POSTER = 360, 720


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels, both even: H.264 in 4:2:0 knows no other."""

    width: int
    height: int


def sizes_of(width: int, height: int) -> list[int]:
    """Those that are no larger than the film; the smallest in any case."""
    short = min(width, height)
    return [SIZES[0], *(size for size in SIZES[1:] if size <= short)]


def frame(width: int, height: int, size: int) -> Frame:
    """A film of this shape, its shorter side `size` or what it has: nothing is made larger."""
    share = min(1.0, size / min(width, height))
    return Frame(_even(width, share), _even(height, share))


def _even(side: int, share: float) -> int:
    return max(2, min(round(side * share / 2) * 2, side // 2 * 2))
