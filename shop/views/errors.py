"""Pages for what went wrong."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from deferral.database import connections
from deferral.database.outage import is_our_outage, passes
from media.disk_errors import FULL

COME_BACK = "5"  # seconds


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says the same whether a thing never existed or is somebody else's."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a bug. 507 where what was sent finds no room on the disk. 503 and when to come back
    for what passes: the database is away or read-only, somebody holds what was asked for, or it
    took too long. Asks nothing of the database.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OSError) and error.errno in FULL:
        page = loader.get_template("507.html").render()
        return HttpResponse(page, status=507, headers={"Cache-Control": "no-store"})
    if error is None or not passes(error):
        return HttpResponse(loader.get_template("500.html").render(), status=500)
    is_away = is_our_outage(error)
    if is_away:
        connections.drop_sessions()
    page = loader.get_template("503.html").render({"is_away": is_away})
    return HttpResponse(page, status=503, headers=LATER)


LATER = {"Retry-After": COME_BACK, "Cache-Control": "no-store"}
