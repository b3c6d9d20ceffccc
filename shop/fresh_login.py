"""Whether whoever is logged in has shown of late, in this browser, that the mailbox is theirs.

For what must not be done by somebody who finds a browser open.
"""

import time
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

PROVEN_AT = "mailbox_proven_at"
FRESH = 15 * 60.0

View = Callable[[HttpRequest], HttpResponseBase]


def remember_login(request: HttpRequest) -> None:
    """Somebody has logged in from the mailbox, just now."""
    request.session[PROVEN_AT] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    """Within a quarter of an hour."""
    return time.time() - float(request.session.get(PROVEN_AT, 0.0)) < FRESH


def own_account(view: View) -> View:
    """For customers who are logged in; anybody else is led to the login."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated or request.user.is_staff:
            return redirect("shop:login")
        return view(request)

    return wrapped


def freshly_logged_in(view: View) -> View:
    """The same for those who have logged in of late; the others do so once more."""

    @own_account
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponseBase:
        return view(request) if is_fresh(request) else redirect("shop:login")

    return wrapped
