"""The code on a ticket: the same for the same ticket for ever, and not to be guessed.

100 bits of an HMAC, in Crockford's base 32, which has no I, L, O or U to be misread.
"""

import hashlib
import hmac

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("ILO", "110", " -\t")
LENGTH = 20


def code_of(*, reference: str, line_id: int, position: int) -> str:
    """The code of one ticket, grouped: `7K2M-9QXA-…`. Whatever is run again, it stays.

    Of the order's reference: the same line and seat in another life of the database, or under the
    same key in a second one, is another ticket.
    """
    message = f"{reference}:{line_id}:{position}".encode()
    digest = hmac.new(settings.TICKET_KEY.encode(), message, hashlib.sha256).digest()
    bits = int.from_bytes(digest, "big") >> (256 - 5 * LENGTH)
    return grouped("".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(LENGTH))))


def normalised(typed: str) -> str:
    """What a person typed or a scanner read, as the code would stand on the ticket."""
    return grouped(typed.upper().translate(MISREAD))


def grouped(code: str) -> str:
    """In fours, so that it can be read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
