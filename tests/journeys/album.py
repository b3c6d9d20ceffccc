"""Pictures of the stations of a journey, to be looked at afterwards."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize

LIGHT: Final = "light"
DARK: Final = "dark"
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
# A colour half-way from one scheme to the other is nobody's. A transition of what is not shown may
# never end, so that nobody waits for ever.
STILL = """Promise.race([
    Promise.allSettled(document.getAnimations()
        .filter(one => one instanceof CSSTransition).map(one => one.finished)),
    new Promise(enough => setTimeout(enough, 2000)),
]).then(() => null)"""
Check = Callable[[str, ViewportSize], None]


def nothing(scheme: str, size: ViewportSize) -> None:
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
        """Take the page as it stands, light and dark, in each size, and check each view."""
        self._count += 1
        before = page.viewport_size or DESKTOP
        for scheme in (LIGHT, DARK):
            page.emulate_media(color_scheme=scheme)
            for size in sizes:
                page.set_viewport_size(size)
                page.evaluate(STILL)
                name = f"{self._count:02}-{station}-{scheme}-{size['width']}.png"
                page.screenshot(path=self.folder / name, full_page=True)
                check(scheme, size)
        page.emulate_media(color_scheme="null")
        page.set_viewport_size(before)
