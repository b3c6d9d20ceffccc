"""Signatures of the Standard Webhooks specification (version v1, HMAC-SHA256)."""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Sequence


def signed_headers(
    secrets: Sequence[str], *, key: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The three headers, with a signature by each secret: one is enough for the receiver.

    A secret is `whsec_` and base64; `timestamp` is this attempt's, Unix.
    """
    signed = b".".join([key.encode(), str(timestamp).encode(), body])
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
        "Content-Type": "application/json",
    }


def new_secret() -> str:
    """The specification asks for 24 to 64 random bytes."""
    return f"whsec_{base64.b64encode(randomness.token_bytes(32)).decode()}"


def _signature(secret: str, signed: bytes) -> str:
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
