"""Which sizes there are of a picture, and how large each is."""

# Widths in pixels, largest first: each is made of the one before. 320 and 480 are of a card in a
# list, on a usual screen and on one of double density.
SIZES = (1600, 960, 640, 480, 320)
# No screen shows more of it at once; and half of a photo that was taken upright, which a JPEG
# decodes in a quarter of the time.
HIGHEST = 2_000


def sizes_for(width: int, height: int) -> tuple[int, ...]:
    """Those of such a picture, largest first: every smaller one, and the next, which is as wide as
    the picture itself. Nothing is made larger than it was.
    """
    widest, _ = scaled(width, height, to=max(SIZES))
    least = min(size for size in SIZES if size >= widest)
    return tuple(size for size in SIZES if size <= least)


def scaled(width: int, height: int, *, to: int) -> tuple[int, int]:
    """So wide, or as wide as it is, and no higher than HIGHEST; each side has a pixel at least."""
    share = min(1.0, to / width, HIGHEST / height)
    return max(1, round(width * share)), max(1, round(height * share))
