"""Requests that may be large: only those to an address that a page of ours has made for a file.

A request is read to its end before anybody is asked who sends it. So an address that takes files is
signed, and the server (`config.patience`) believes no other: it refuses a large body by its header.
The server imports this before any app is loaded.
"""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode

from django.core.signing import BadSignature, TimestampSigner

from media.limits import MEGABYTE

# Bytes of all files of one request together.
MOST_AT_ONCE = 64 * MEGABYTE
# How long a page may stand open before its form is sent.
KEPT = timedelta(hours=12)
NAME = "room"
SALT = "media.large_bodies"


def with_room(path: str) -> str:
    """The address at which a form may send files, for some hours."""
    return f"{path}?{urlencode({NAME: TimestampSigner(salt=SALT).sign(path).removeprefix(path)})}"


def has_room(path: str, query: str) -> bool:
    """Whether that is such an address."""
    said = parse_qs(query).get(NAME, [""])[0]
    if not said:
        return False
    try:
        TimestampSigner(salt=SALT).unsign(f"{path}{said}", max_age=KEPT)
    except BadSignature:
        return False
    return True
