"""Paths found by how they end. However many are alike, a look-up takes as long as among few."""

from bisect import bisect_left
from collections.abc import Iterable


class Endings:
    """Paths, in order of their parts from the last to the first. Each is known by its place."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._turned = sorted((_turned(path), place) for place, path in enumerate(paths))

    def of(self, wanted: str) -> list[int]:
        """The first two that end with it, from the beginning of a folder or of the path."""
        start = _turned(wanted)
        return [place for turned, place in self._from(start) if turned.startswith(start)]

    def whole(self, wanted: str) -> list[int]:
        """The first two that are it."""
        start = _turned(wanted)
        return [place for turned, place in self._from(start) if turned == start]

    def _from(self, start: str) -> list[tuple[str, int]]:
        at = bisect_left(self._turned, (start, 0))
        return self._turned[at : at + 2]


def _turned(path: str) -> str:
    """`b.jpg/a/` of `a/b.jpg`: whatever ends alike stands together."""
    return "".join(f"{part}/" for part in reversed(path.split("/")))
