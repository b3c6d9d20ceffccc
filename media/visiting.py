"""What a browser would get: a file's signed address, asked as a page of ours would ask it."""

from urllib.parse import urlsplit

import requests
from django.conf import settings

from media.verbs import Download, Keeper

# To connect, and for each part of the answer, in seconds.
PATIENCE = (3, 5)
TRIAL = Download(filename="trial", content_type="application/octet-stream")
FINE = "browsers get files"


class NotHandedOut(Exception):
    """A signed address does not open its file."""


def our_origin() -> str:
    """Of the shop's pages."""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def visit(keeper: Keeper, name: str, content: bytes) -> str:
    """What it is like for browsers. Empty where we hand out files ourselves. NotHandedOut.

    An address that cannot be reached from here may still be reached from elsewhere.
    """
    address = keeper.address(name, TRIAL)
    if not address:
        return ""
    try:
        answer = requests.get(address, headers={"Origin": our_origin()}, timeout=PATIENCE)
    except requests.RequestException as error:
        return f"its address for browsers was not reached from here ({type(error).__name__})"
    if answer.status_code != requests.codes.ok or answer.content != content:
        msg = f"a signed address answers {answer.status_code}: BUCKET_PUBLIC_URL, or a clock"
        raise NotHandedOut(msg)
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    if allowed in {our_origin(), "*"}:
        return FINE
    return f"{FINE}, scripts of our pages do not (manage.py prepare_bucket)"
