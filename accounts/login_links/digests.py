"""What is kept of the secrets. Who reads the table, or a dump of it, lets nobody in."""

import hashlib

from django.utils.crypto import salted_hmac


def digest_of_browser(browser: str) -> str:
    """Of what a browser has in its cookie, long and random: a digest without a key will do."""
    return hashlib.sha256(browser.encode(errors="replace")).hexdigest()


def digest_of_secret(secret: str) -> str:
    """Of what stands in a link. With our key."""
    return salted_hmac("accounts.login_links", secret, algorithm="sha256").hexdigest()


def digest_of_code(code: str, *, browser: str) -> str:
    """Of a code of that browser's request, named by its digest. With our key: there are only a
    million codes to try.
    """
    return digest_of_secret(f"{browser}:{code}")
