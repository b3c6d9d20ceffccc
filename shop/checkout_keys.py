"""Checkout keys. Each is made for one browser, and leads nobody else to what was ordered with it.

A key is a UUID: one half is chance, the other our signature of that half and of the browser's name,
which is a cookie that it gets with the form. So a form that is sent again leads to its order also
where the first answer, with all its cookies, was lost; and whoever has read the key somewhere has
nothing. Both halves have 60 bits or more: nobody guesses one in requests.
"""

import hmac
import secrets
import uuid

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from shop.jar import jar_of

KIND, NAME = "browser", "name"
HALF = 8


def new_key(request: HttpRequest) -> uuid.UUID:
    """For a form of this browser, which has a name from now on."""
    jar = jar_of(request)
    browser = jar.get(KIND, NAME) or secrets.token_urlsafe(16)
    jar.put(KIND, NAME, browser)
    return _signed(secrets.token_bytes(HALF), browser)


def is_made_for(request: HttpRequest, key: uuid.UUID) -> bool:
    """Whether it was for this browser that we made it."""
    browser = jar_of(request).get(KIND, NAME)
    ours = _signed(key.bytes[:HALF], browser)
    return bool(browser) and hmac.compare_digest(ours.bytes, key.bytes)


def _signed(chance: bytes, browser: str) -> uuid.UUID:
    """A version takes some of the bits, so what is signed is what is left of them."""
    left = uuid.UUID(bytes=chance + bytes(HALF), version=4).bytes[:HALF]
    signature = salted_hmac("shop.checkout_keys", left + browser.encode(), algorithm="sha256")
    return uuid.UUID(bytes=left + signature.digest()[:HALF], version=4)
