"""Links above a list in the admin: what else can be done with the rows it shows.

Filled by apps that the list's own has never heard of, as the first page is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest

from deferral.slots import Slot, name_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ListLink:
    """What it reads, and where it leads."""

    label: str
    address: str


# Told the request of the list, and whose rows it shows; None where there is nothing to do.
Provider = Callable[[HttpRequest, type[Model]], ListLink | None]
PROVIDERS: Slot[Provider] = Slot("the link of")


def above_lists(provider: Provider) -> Provider:
    """Add the link that this function makes. It asks nothing of the database: lists are quick."""
    PROVIDERS.fill(name_of(provider), provider)
    return provider


def links_above(request: HttpRequest, model: type[Model]) -> list[ListLink]:
    """Those of one list, for this person."""
    found = (provider(request, model) for provider in PROVIDERS.values())
    return [link for link in found if link]
