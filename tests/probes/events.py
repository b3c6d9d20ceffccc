"""Something happened, and the reactions to it are the tests'."""

from deferral.events import DomainEvent, event


@event("probes.poked")
class Poked(DomainEvent):
    """Run the probe task named so."""

    name: str
    probe: str


@event("probes.fumbled")
class Fumbled(DomainEvent):
    """Its handler raises while the named file is there."""

    name: str
    trap: str
