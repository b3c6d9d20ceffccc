"""Refusing what no browser sends, before anything could stumble over it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

Answer = Callable[[HttpRequest], HttpResponse]


class RefuseOddities:
    """A NUL in an address or its query, or a form in anything but UTF-8, is answered with 400.

    PostgreSQL stores no NUL, so no address of ours has one; and our pages are UTF-8, so every
    honest form is.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """400, or whatever the rest of the shop answers."""
        nul = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        charset = (request.content_params or {}).get("charset", "utf-8")
        if nul or charset.lower() not in {"utf-8", "utf8"}:
            return HttpResponseBadRequest("This request cannot be read.\n", "text/plain")
        return self.get_response(request)
