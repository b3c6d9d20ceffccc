"""Flower's configuration, on a laptop and in containers: a login of its own, and no way around it.

Flower itself shows `/metrics` and `/healthcheck` to everybody, and lets passwords be tried without
end. Here both ask for the login, and an address that gave twenty wrong ones has to wait. A health
check takes the 401 for the sign of life that it is.
"""

import os
import time
from collections import defaultdict, deque
from pathlib import Path

from flower.views import BaseHandler
from flower.views.monitor import Healthcheck, Metrics
from tornado.web import HTTPError, authenticated

MOST, PER = 20, 300.0  # wrong logins of one address, in so many seconds: those of the shop's admin
MOST_ADDRESSES = 1_000
WRONG: dict[str, deque[float]] = defaultdict(deque)


def login() -> str:
    """`user:password`, from a file in a container. Without it Flower must not start."""
    file = os.environ.get("FLOWER_LOGIN_FILE")
    found = Path(file).read_text().strip() if file else os.environ.get("FLOWER_BASIC_AUTH", "")
    if not all(found.partition(":")):
        raise SystemExit("Flower needs user:password in FLOWER_LOGIN_FILE or FLOWER_BASIC_AUTH")
    return found


def has_tried_too_often(address: str) -> bool:
    """In the last five minutes. What is older is forgotten."""
    tries = WRONG[address]
    while tries and tries[0] < time.monotonic() - PER:
        tries.popleft()
    return len(tries) >= MOST


def note_wrong(address: str) -> None:
    """Of so many addresses that memory has an end: the one noted longest ago goes first."""
    while len(WRONG) > MOST_ADDRESSES:
        del WRONG[next(iter(WRONG))]
    WRONG[address].append(time.monotonic())


def get_current_user(self: BaseHandler) -> object:
    """Flower's own look at the login, unless this address has guessed too often."""
    address = self.request.remote_ip
    if has_tried_too_often(address):
        raise HTTPError(429)
    try:
        return looked(self)
    except HTTPError:
        if "Authorization" in self.request.headers:
            note_wrong(address)
        raise


if not getattr(BaseHandler, "is_guarded", False):
    looked = BaseHandler.get_current_user
    BaseHandler.get_current_user = get_current_user
    BaseHandler.is_guarded = True
    for page in (Metrics, Healthcheck):
        page.get = authenticated(page.get)
basic_auth = [login()]
