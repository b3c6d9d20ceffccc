"""Whose order it is: the browser that placed it, whoever holds its link, or has its mailbox."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.login_names import login_name_in
from accounts.personal_data import NOBODY
from orders.models import Order
from shop.jar import jar_of

KIND = "order"
# Browsers keep some two hundred cookies; the oldest orders are reached by their links.
MOST_KEPT = 30
# Orders on one page.
PAGE = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """An order, seen by somebody who may. `token` is empty when the browser's cookie is enough."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Somebody's orders, a page of them. `older`: the number before which there are more; or "" """

    orders: list[Order]
    older: str


def return_address(order: Order) -> str:
    """Where the customer's bank sends them back to, in whatever browser."""
    path = reverse("shop:order_back", args=[order.number])
    return f"{settings.SITE_URL}{path}?token={order.link_token}"


def own_orders(request: HttpRequest, *, before: str = "", most: int = PAGE) -> Page:
    """The orders that this browser placed, and those of the mailbox that somebody has logged in
    from, whoever placed them: the latest first, or those before the one of that number, with lines
    and payments.
    """
    numbers = [number for number, _ in jar_of(request).all(KIND)]
    mine = Q(number__in=numbers[:MOST_KEPT])
    if mailbox := _mailbox(request):
        mine |= Q(email_in_small=mailbox)
    found = Order.objects.alias(email_in_small=Lower("email")).filter(mine)
    if before:
        found = found.filter(pk__lt=Order.objects.filter(number=before).values("pk"))
    shown = list(found.prefetch_related("lines", "payments")[: most + 1])
    older = shown[most - 1].number if len(shown) > most else ""
    return Page(orders=[one for one in shown[:most] if is_own(request, one)], older=older)


def is_own(request: HttpRequest, order: Order) -> bool:
    """Whether this browser placed it: it has our signature of the order's reference. Or somebody is
    logged in here from its mailbox.

    Not of its number, which is another order's after a restore. Nobody's is one whose account was
    deleted.
    """
    if order.email.endswith(NOBODY):
        return False
    shown = jar_of(request).get(KIND, order.number)
    if secrets.compare_digest(shown.encode(), signature_of(order).encode()):
        return True
    mailbox = _mailbox(request)
    return bool(mailbox) and mailbox == login_name_in(order.email)


def _mailbox(request: HttpRequest) -> str:
    """Whose owner is logged in here. Nobody's of staff: a password proves no mailbox."""
    user = request.user
    return "" if not user.is_authenticated or user.is_staff else user.email


def remember(request: HttpRequest, order: Order) -> None:
    """Let this browser see the order from now on."""
    jar = jar_of(request)
    jar.put(KIND, order.number, signature_of(order))
    kept = sorted((number for number, _ in jar.all(KIND)), key=lambda one: (len(one), one))
    for number in kept[:-MOST_KEPT]:
        jar.drop(KIND, number)


def signature_of(order: Order) -> str:
    """Ours, of this order."""
    return Signer(salt="shop.access").signature(order.reference)


def visit(request: HttpRequest, number: str) -> Visit:
    """The order, or 404: the same answer for one that does not exist and one that is not yours."""
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise Http404
    if is_own(request, order):
        return Visit(order)
    token = request.GET.get("token", "")
    if not secrets.compare_digest(token.encode(), order.link_token.encode()):
        raise Http404
    return Visit(order, token)
