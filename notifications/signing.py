"""Signatures of the Standard Webhooks specification (version v1, HMAC-SHA256)."""

import base64
import hashlib
import hmac


def signed_headers(secret: str, *, key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers. `secret` is `whsec_` and base64; `timestamp` is this attempt's, Unix."""
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([key.encode(), str(timestamp).encode(), body])
    signature = base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
        "Content-Type": "application/json",
    }
