"""The pages for what is not there. For what went wrong, 500.html is sent as it is, unrendered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says the same whether a thing never existed or is somebody else's."""
    return render(request, "404.html", status=404)
