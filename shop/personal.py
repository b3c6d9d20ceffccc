"""What this app keeps of a person: for a day, which order they looked for.

What somebody has in their cart, and which orders were placed in a browser, that browser keeps.
"""

from collections.abc import Mapping

from accounts.personal_data import Fate, Person, PersonalData, Rows
from shop.models import OrderLink


def rows(person: Person) -> Mapping[str, Rows]:
    """By the name of the file."""
    asked = OrderLink.objects.filter(address=person.address)
    return {"searched-orders": asked.values("number", "address", "asked_at")}


def erase(person: Person) -> int:
    """All of it."""
    return OrderLink.objects.filter(address=person.address).delete()[0]


PERSONAL = PersonalData(
    rows=rows,
    erase=erase,
    fates={"shop.OrderLink.address": Fate.DELETED, "shop.OrderLink.number": Fate.DELETED},
)
