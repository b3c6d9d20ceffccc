"""A page looked at from all sides: both colour schemes, both widths, with axe, with a picture."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.journeys.album import DESKTOP, LIGHT, PHONE, Album, Scheme
from tests.rig.depth import THOROUGH

# Fetching style sheets once more would need inline styles, which the pages' policy forbids.
RULES: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
# All that another scheme can change.
COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
ICON = "(document.querySelector('link[rel~=icon]') ?? {href: '/favicon.ico'}).href"


class Inspection:
    """Collects what is wrong with the pages of a walk, so that one run shows all of it."""

    def __init__(self, page: Page, album: Album) -> None:
        self.page, self.album = page, album
        self.complaints: list[str] = []

    def look(self, station: str) -> None:
        """At the page as it stands."""

        def check(scheme: Scheme, size: ViewportSize) -> None:
            found = self._too_wide() if size == PHONE else []
            if size == DESKTOP or not THOROUGH:
                found += self._violations(scheme)
            self.complaints += [f"{station}, {scheme}: {one}" for one in found]

        self.album.keep(self.page, station, check=check)
        self.complaints += [f"{station}: {one}" for one in self._no_icon()]

    def _violations(self, scheme: Scheme) -> list[str]:
        rules = RULES if scheme == LIGHT else COLOURS
        if not self.page.evaluate("'axe' in window"):  # once a page, not once a view
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("rules => axe.run(rules).then(all => all.violations)", rules)
        return [
            f"{rule['id']} ({rule['impact']}), {len(rule['nodes'])} times, for instance "
            f"{' '.join(map(str, rule['nodes'][0]['target']))}"
            for rule in found
        ]

    def _too_wide(self) -> list[str]:
        width = wanted_width(self.page)
        return [f"scrolls sideways on a phone, to {width} px"] if width > PHONE["width"] else []

    def _no_icon(self) -> list[str]:
        """Browsers fetch it themselves, and tell nobody."""
        answer = self.page.request.get(self.page.evaluate(ICON))
        return [] if answer.ok else [f"its icon, {answer.url}, answers {answer.status}"]


def wanted_width(page: Page) -> int:
    """How wide the page would like to be."""
    return int(page.evaluate("document.documentElement.scrollWidth"))
