"""Signatures of the Standard Webhooks specification (version v1, HMAC-SHA256), made and checked.

The library for it (`standardwebhooks`) checks by one secret and by its own clock, and lets what is
no base64 and no ASCII escape as other errors. Tests hold both of ours beside it.
"""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence

# A sender that rotates its secret signs twice, and digits of a moment are ten.
MOST_SIGNATURES, MOST_DIGITS = 8, 12


def signed_headers(
    secrets: Sequence[str], *, key: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers, with a signature by each secret: one is enough for the receiver.

    A secret is `whsec_` and base64; `timestamp` is this attempt's, Unix.
    """
    signed = _signed(key, str(timestamp), body)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
        "Content-Type": "application/json",
    }


def signed_at(secrets: Sequence[str], *, body: bytes, headers: Mapping[str, str]) -> int | None:
    """When one of the secrets signed these bytes, Unix; None when none of them did.

    An id with a dot in it is refused: it could be read as a part of the moment.
    """
    name, moment, said = (headers.get(f"webhook-{part}", "") for part in PARTS)
    is_moment = moment.isascii() and moment.isdecimal() and len(moment) <= MOST_DIGITS
    if not (is_moment and name.isascii() and "." not in name and said.isascii()):
        return None
    signed = _signed(name, moment, body)
    ours = [f"v1,{_signature(secret, signed)}" for secret in secrets]
    given = said.split(" ")[:MOST_SIGNATURES]
    fits = [hmac.compare_digest(one, each) for one in ours for each in given]
    return int(moment) if any(fits) else None


PARTS = ("id", "timestamp", "signature")


def new_secret() -> str:
    """The specification asks for 24 to 64 random bytes."""
    return f"whsec_{base64.b64encode(randomness.token_bytes(32)).decode()}"


def _signed(key: str, moment: str, body: bytes) -> bytes:
    return b".".join([key.encode(), moment.encode(), body])


def _signature(secret: str, signed: bytes) -> str:
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
