"""What stands on the admin's first page, and beside its lists: each app adds its own.

The site that shows it is the project's (config.admin_site): apps below it only say what there is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from deferral.slots import Slot, name_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One figure. `tone` is "", "good", "wait" or "bad"."""

    label: str
    value: str
    note: str = ""
    address: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """A box of the first page, with the cards and the warnings that its figures give.

    `place`: the lower, the earlier. `size`: "", "wide" or "tall".
    """

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    warnings: tuple[str, ...] = ()
    place: int = 50
    size: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page that is no model's list, and where it stands among its app's."""

    app_label: str
    name: str
    url_name: str
    permission: str


Provider = Callable[[], Iterable[Panel]]
PROVIDERS: Slot[tuple[str, Provider]] = Slot("the panels of")
PAGES: Slot[Page] = Slot("the page")


def on_first_page(permission: str) -> Callable[[Provider], Provider]:
    """Add the panels a function yields, for those who have the permission.

    Its queries must not grow with the tables, and it must be quick: everybody begins here.
    """

    def add(provider: Provider) -> Provider:
        PROVIDERS.fill(name_of(provider), (permission, provider))
        return provider

    return add


def panels_for(user: Any) -> list[Panel]:
    """Everything this person may see, in its order."""
    found = PROVIDERS.values()
    allowed = (provider for permission, provider in found if user.has_perm(permission))
    panels = (panel for provider in allowed for panel in provider())
    return sorted(panels, key=lambda panel: panel.place)


def pages_for(user: Any, app_label: str) -> list[Page]:
    """The pages of one app that this person may open."""
    return [
        page
        for page in PAGES.values()
        if page.app_label == app_label and user.has_perm(page.permission)
    ]
