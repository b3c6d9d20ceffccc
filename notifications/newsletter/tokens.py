"""What stands in the newsletter's links: signed, so that nobody makes one for somebody else.

An unsubscribe link has no end: mails are read years later. It holds the address, not a row number,
and so it works after a backup was put back.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse

LEAVE, JOIN = "newsletter.leave", "newsletter.join"
# Seconds in which whoever asked may confirm.
JOIN_WITHIN = 7 * 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """Who leaves, and the mail whose link that was."""

    address: str
    recipient_id: int | None


def leave_address(address: str, recipient_id: int | None = None) -> str:
    """Where one click ends the subscription."""
    token = Signer(salt=LEAVE).sign_object({"a": address, "r": recipient_id})
    return f"{settings.SITE_URL}{reverse('notifications:leave', args=[token])}"


def who_leaves(token: str) -> Leaving | None:
    """None for what we have not signed."""
    try:
        said = Signer(salt=LEAVE).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Leaving(address=said["a"], recipient_id=said["r"])


def join_address(address: str) -> str:
    """Where the mailbox's owner confirms."""
    token = TimestampSigner(salt=JOIN).sign_object({"a": address})
    return f"{settings.SITE_URL}{reverse('notifications:join', args=[token])}"


def who_joins(token: str) -> str:
    """The address; "" for what we have not signed, or too long ago."""
    try:
        return str(TimestampSigner(salt=JOIN).unsign_object(token, max_age=JOIN_WITHIN)["a"])
    except (BadSignature, ValueError):
        return ""
