"""Whose order it is: the session that placed it, or whoever holds its link."""

import secrets
from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest
from django.urls import reverse

from orders.models import Order

KEY = "orders"
# The session is a cookie; the oldest orders are reached by their links.
MOST_KEPT = 30


@dataclass(frozen=True, slots=True)
class Visit:
    """An order, seen by somebody who may. `token` is empty when the session is enough."""

    order: Order
    token: str = ""

    @property
    def query(self) -> str:
        """What an address needs to be let in again: only where one came in by it."""
        return f"?token={self.token}" if self.token else ""

    @property
    def steps_url(self) -> str:
        """Where the live part of the page is."""
        return reverse("shop:order_steps", args=[self.order.number])


def own_numbers(session: SessionBase) -> list[str]:
    """The orders this session placed, the latest first."""
    return [str(number) for number in session.get(KEY, [])]


def remember(session: SessionBase, order: Order) -> None:
    """Let this session see the order from now on."""
    others = [number for number in own_numbers(session) if number != order.number]
    session[KEY] = [order.number, *others][:MOST_KEPT]


def visit(request: HttpRequest, number: str) -> Visit:
    """The order, or 404: the same answer for one that does not exist and one that is not yours."""
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise Http404
    if number in own_numbers(request.session):
        return Visit(order)
    token = request.GET.get("token", "")
    if not secrets.compare_digest(token.encode(), order.link_token.encode()):
        raise Http404
    return Visit(order, token)
