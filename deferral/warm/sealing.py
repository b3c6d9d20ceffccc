"""A value as it lies in the cache: packed JSON, signed for its very place.

Never pickle: whoever can write to the cache would run code. The signature keeps out what is not
ours: foreign bytes, half a value, one of another place, and markup that somebody wants to show to
every visitor. What does not fit is no value, as if nothing were there.
"""

import hmac
import json
import zlib
from typing import Any

from django.utils.crypto import salted_hmac

# More than this is built each time: Valkey, as we start it, takes a megabyte.
MOST_BYTES = 1_000_000
DIGEST = 32


def seal(place: str, value: Any) -> bytes:
    """Bytes for this place. They may be more than MOST_BYTES."""
    packed = zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 1)
    return _signature(place, packed) + packed


def unseal(place: str, found: Any) -> Any:
    """The value; None for anything that was not sealed here for this place."""
    if not isinstance(found, bytes) or not DIGEST < len(found) <= MOST_BYTES:
        return None
    signature, packed = found[:DIGEST], found[DIGEST:]
    if not hmac.compare_digest(signature, _signature(place, packed)):
        return None
    return json.loads(zlib.decompress(packed))


def _signature(place: str, packed: bytes) -> bytes:
    return salted_hmac(f"deferral.warm:{place}", packed, algorithm="sha256").digest()
