"""Who is given a campaign's mails, by a name that no two share who keep different logs."""

import hashlib

from django.conf import settings


def taker() -> str:
    """Whoever the settings name now: what it is, where in it, and a digest of how it is reached.

    A provider with another key may have another log, and a mail server's log is at an address of
    its own. No secret can be read from it.
    """
    provider = settings.MAIL_PROVIDER
    if provider.campaigns:
        ways = provider.key, provider.url
        return f"{provider.name} {provider.stream} {_digest(*ways)}"
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"smtp {where} {_digest(settings.MAIL_ASK_URL)}"


def _digest(*ways: str) -> str:
    return hashlib.sha256("\0".join(ways).encode()).hexdigest()[:32]
