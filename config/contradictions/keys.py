"""Keys and secrets of our own: missing, weak, or one in the place of another."""

import base64
import binascii

from django.conf import settings

from config.contradictions.rules import is_local, rule


@rule
def secret_key_is_missing() -> bool:
    """SECRET_KEY is not set: name a file that holds it in SECRET_KEY_FILE."""
    return not settings.DEBUG and settings.SECRET_KEY.startswith("insecure")


@rule
def ticket_key_is_shared() -> bool:
    """TICKET_KEY is SECRET_KEY: a change of the one would void every ticket sold."""
    return not is_local(settings.SITE_URL) and settings.TICKET_KEY == settings.SECRET_KEY


@rule
def sealing_keys_are_missing_or_weak() -> bool:
    """SEALING_KEYS must be base64 of 32 random bytes each: deploy/make_secrets.py makes one. It
    seals endpoints' secrets, and what it sealed cannot be opened without it.
    """
    known = {settings.INSECURE_KEY} if settings.DEBUG else set()
    return not all(_is_random(key) for key in settings.SEALING_KEYS if key not in known)


def _is_random(key: str) -> bool:
    """32 bytes that are neither a sentence nor a pattern: of chance, one key in 2^32 is refused."""
    try:
        found = base64.urlsafe_b64decode(key)
    except ValueError:
        return False
    return len(found) == 32 and not found.isascii() and len(set(found)) > 16


@rule
def webhooks_cannot_be_signed() -> bool:
    """PARTNER_WEBHOOK_SECRET must be whsec_ and base64, not the default at a real PARTNER_URL."""
    if not settings.PARTNER_URL:
        return False
    kind, _, secret = settings.PARTNER_WEBHOOK_SECRET.partition("_")
    try:
        key = base64.b64decode(secret, validate=True)
    except binascii.Error:
        return True
    known = key.startswith(b"insecure") and not is_local(settings.PARTNER_URL)
    return kind != "whsec" or not key or known


@rule
def suppliers_cannot_be_believed() -> bool:
    """PRINT_ROOM_WEBHOOK_SECRET and WAREHOUSE_WEBHOOK_SECRET must be whsec_ and base64, each its
    own: who shares one may speak for the other.
    """
    by_supplier = settings.SUPPLIER_WEBHOOK_SECRETS.values()
    every = [secret for secrets in by_supplier for secret in set(secrets)]
    return len(set(every)) < len(every) or not all(map(_is_signing_secret, every))


def _is_signing_secret(text: str) -> bool:
    kind, _, secret = text.partition("_")
    try:
        return kind == "whsec" and bool(base64.b64decode(secret, validate=True))
    except binascii.Error:
        return False


@rule
def notices_cannot_be_checked() -> bool:
    """PAYMENT_WEBHOOK_SECRET must be whsec_ and at least eight letters, for each of those that are
    separated by commas: it is what the provider's notices are known by.
    """
    secrets = settings.PAYMENT_WEBHOOK_SECRETS
    return any(not each.startswith("whsec_") or len(each) < 14 for each in secrets)
