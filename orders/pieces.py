"""Which pieces of an order were used up, as far as a higher app knows: a seat, by the door.

Whoever gives money back for one is told before, and the two exclude each other: who uses a piece up
holds the order's row lock, as every decision about its money does.
"""

from collections.abc import Callable, Mapping

from deferral.slots import Slot, name_of

# (line, piece); pieces count from 1 within their line.
Piece = tuple[int, int]
# By the order: when and where, in words, each of its pieces was used.
Teller = Callable[[int], Mapping[Piece, str]]
TELLERS: Slot[Teller] = Slot("who knows of used pieces,")


def tells_of_used_pieces(teller: Teller) -> Teller:
    """Add somebody who knows. One query, however many pieces the order has."""
    TELLERS.fill(name_of(teller), teller)
    return teller


def used_pieces(order_id: int) -> dict[Piece, str]:
    """Every piece of the order that was used, and when."""
    return {piece: when for teller in TELLERS.values() for piece, when in teller(order_id).items()}
