"""Pictures of the stations of a journey, to be looked at afterwards."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

from tests.rig.depth import THOROUGH

Scheme = Literal["light", "dark"]
LIGHT: Scheme = "light"
DARK: Scheme = "dark"
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
# A colour half-way from one scheme to the other is nobody's. A transition of what is not shown may
# never end, so that nobody waits for ever.
STILL = """Promise.race([
    Promise.allSettled(document.getAnimations()
        .filter(one => one instanceof CSSTransition).map(one => one.finished)),
    new Promise(enough => setTimeout(enough, 2000)),
]).then(() => null)"""
Check = Callable[[Scheme, ViewportSize], None]


def nothing(scheme: Scheme, size: ViewportSize) -> None:
    """The picture is enough."""


class Album:
    """A folder of PNG files, `station-scheme-width.png`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def keep(
        self,
        page: Page,
        station: str,
        *,
        sizes: Iterable[ViewportSize] = (DESKTOP, PHONE),
        check: Check = nothing,
    ) -> None:
        """Take the page as it stands, light and dark, in each size, and check each view.

        At home these are two views: the first size in the light, the last one in the dark.
        """
        self._count += 1
        before = page.viewport_size or DESKTOP
        views = [*itertools.product((LIGHT, DARK), sizes)]
        for scheme, size in views if THOROUGH else (views[0], views[-1]):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            page.evaluate(STILL)
            name = f"{self._count:02}-{station}-{scheme}-{size['width']}.png"
            page.screenshot(path=self.folder / name, full_page=True)
            check(scheme, size)
        page.emulate_media(color_scheme="null")
        page.set_viewport_size(before)
