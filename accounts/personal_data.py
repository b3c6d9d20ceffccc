"""What each app keeps of a person: shown to them, and taken away when they ask for it.

Each app fills in its part, and names every column in which something of a person may stand. A test
reads all tables and fails for a column that nobody has named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.utils import timezone

from deferral.slots import Slot


class Fate(StrEnum):
    """What becomes of a column when its person goes."""

    DELETED = "deleted"
    REPLACED = "replaced"
    NAMELESS = "stays, as nobody's"
    KEPT = "kept by law"
    EXPIRES = "leaves by itself"


# Behind the @ of what takes an address' place. No mail goes there (RFC 2606), and nobody types it.
NOBODY = "@deleted.invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Of whom. `address` is in the one spelling of a login; `instead` takes its place in what
    stays.

    What came after `until` is not theirs to give up: it is a guest's, or of another account.
    """

    user_id: int
    address: str
    instead: str
    until: datetime

    @property
    def addresses(self) -> tuple[str, str]:
        """Before and after: a job that was killed in between finds both."""
        return self.address, self.instead


Rows = Iterable[Mapping[str, Any]]


def nothing(_person: Person) -> str:
    """No reason to wait."""
    return ""


def no_files(_person: Person) -> Iterable[tuple[str, bytes]]:
    """No file."""
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalData:
    """One app's part. `fates` is by column: `orders.Order.name`.

    `rows` is by name: what a program can read. `files` are those that belong to it, by their name.
    `erase` takes away some of it, in a transaction of its own, and returns how many rows; 0 once
    there is no more. It may be called again at any moment. `waits_for` says in a sentence for its
    person what has to be over before. `tell` has whoever was told of them outside forget them,
    under this key; it calls them, and may raise what a job may.
    """

    rows: Callable[[Person], Mapping[str, Rows]]
    erase: Callable[[Person], int]
    fates: Mapping[str, Fate]
    files: Callable[[Person], Iterable[tuple[str, bytes]]] = field(default=no_files)
    waits_for: Callable[[Person], str] = field(default=nothing)
    tell: Callable[[Person, str], None] | None = None


# By the app's label.
PERSONAL_DATA: Slot[PersonalData] = Slot("what is kept of a person by")


def parts() -> Mapping[str, PersonalData]:
    """Every app's, the highest first: it finds its rows by what those below still know."""
    labels = [each.label for each in apps.get_app_configs()]
    return {name: PERSONAL_DATA[name] for name in sorted(PERSONAL_DATA, key=labels.index)}


def whose(user: Any) -> Person:
    """Whoever looks at what is kept of them now."""
    return Person(user_id=user.pk, address=user.email, instead=user.email, until=timezone.now())
