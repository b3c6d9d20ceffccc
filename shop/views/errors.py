"""Pages for what went wrong."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from deferral.outage import is_our_outage

COME_BACK = "5"  # seconds


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says the same whether a thing never existed or is somebody else's."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 and when to come back while the database is away; 500 for a bug. Asks nothing of it."""
    error = sys.exc_info()[1]
    if error is not None and is_our_outage(error):
        headers = {"Retry-After": COME_BACK, "Cache-Control": "no-store"}
        return HttpResponse(loader.get_template("503.html").render(), status=503, headers=headers)
    return HttpResponse(loader.get_template("500.html").render(), status=500)
