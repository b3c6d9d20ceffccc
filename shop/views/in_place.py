"""A change of the cart, shown in the page on which it was made: where that page's script asks so.

Without the script the same form leads back by a redirect, and says the same.
"""

from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

HEADER = "X-In-Place"


def is_in_place(request: HttpRequest) -> bool:
    """Whether a script waits for what has changed, and for nothing else."""
    return HEADER in request.headers


def changed(request: HttpRequest, said: Message) -> HttpResponse:
    """The parts of the page that are another now, each by its id: how full the cart is, and why."""
    return render(request, "shop/_cart_changed.html", {"said": said})
