"""Six moods of one coast."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours from the wall behind a thing to the nearest hill in its picture."""

    wall: str
    floor: tuple[str, str]
    sky: tuple[str, str]
    sun: str
    hills: tuple[str, str, str, str]
    light: str
    accent: str
    deep: str

    @property
    def ink(self) -> str:
        """The darkest: outlines, lettering."""
        return self.hills[3]


PALETTES = (
    # dusk
    Palette(
        "#fae8d8", ("#f6d9c2", "#efc6a8"), ("#f6b58c", "#fbe3c6"), "#fff3df",
        ("#f7bf98", "#e67e65", "#96444e", "#3c2440"), "#fff1de", "#8c3f4d", "#8e3d4b",
    ),
    # lagoon
    Palette(
        "#e2f1ee", ("#cfe8e5", "#b9dcda"), ("#a5d3cf", "#e7f2e4"), "#fdf3d7",
        ("#8fc6c4", "#4d979c", "#216273", "#12324c"), "#fffdf6", "#d9694f", "#1f5d72",
    ),
    # night
    Palette(
        "#dfe5f1", ("#ccd5e8", "#b4c1dc"), ("#7d97c8", "#c9d3e6"), "#fbe6a6",
        ("#94a9cd", "#56719f", "#2c4470", "#121d3a"), "#fdf8ea", "#e6a54a", "#24355f",
    ),
    # heather
    Palette(
        "#eee2f0", ("#e0cde8", "#d2bbe0"), ("#c6a6d6", "#f3dfe4"), "#ffdf9d",
        ("#c9a8d9", "#9a79bd", "#5d4796", "#2a2258"), "#fffaf3", "#c2617f", "#4b3a80",
    ),
    # meadow
    Palette(
        "#edf1de", ("#dde6c3", "#cfdbae"), ("#c9d89c", "#f0f1d3"), "#fdeeb4",
        ("#c2d391", "#86a862", "#4c7550", "#24443a"), "#fbf3e3", "#c8733f", "#3d5f47",
    ),
    # sand
    Palette(
        "#f8eddc", ("#f3e2c5", "#ecd5ae"), ("#ecd0a0", "#faf0da"), "#fffaf0",
        ("#ecd3a2", "#d6a55f", "#a8683b", "#54301c"), "#fffaf0", "#54301c", "#7c4a2b",
    ),
)  # fmt: skip


def palette_for(seed: int) -> Palette:
    """The mood of a seed."""
    return PALETTES[seed % len(PALETTES)]
