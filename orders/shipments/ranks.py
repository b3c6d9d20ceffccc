"""Which of two things that were said of a parcel is the later one, whenever they arrive.

Notices overtake each other, so what decides is how far a parcel has come, and not the clock. The
ends beside the way stand where a later word may still put them right: a parcel that its supplier
refused is sent after all, one that was lost turns up. That it is back at its sender outranks that
it was delivered: carriers say "delivered" of that, too.
"""

from orders.models import Shipment, ShipmentNotice

State = Shipment.State
RANKS = {
    State.ANNOUNCED: 10,
    State.PACKED: 20,
    State.REFUSED: 25,
    State.ON_ITS_WAY: 30,
    State.LOST: 35,
    State.DELIVERED: 40,
    State.RETURNED: 50,
}


def rank(state: str) -> int:
    """How far it has come."""
    return RANKS[State(state)]


def weight(said: ShipmentNotice) -> tuple[int, float, str]:
    """No two notices of one supplier weigh the same: then its clock decides, then their names."""
    return rank(said.state), said.said_at.timestamp(), said.name
