"""An event of the tests' own, and a reaction that each test chooses."""

from collections.abc import Callable, Iterable

from deferral.events import DomainEvent, event
from deferral.handlers import Work, handles

REACTIONS: dict[str, Callable[[], Iterable[Work]]] = {}


@event("bench.happened")
class Happened(DomainEvent):
    """Something happened."""

    name: str


@handles(Happened)
def react(fact: Happened) -> Iterable[Work]:
    """What the test wants."""
    return REACTIONS.get(fact.name, list)()
