"""A form sent again, from this tab or another: it leads to the order that it has made."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from orders.addresses import Address
from orders.models import Order
from orders.selectors import current_order
from shop.access import is_own, own_orders, remember
from shop.address_form import PARTS
from shop.basket import Basket
from shop.cart import Cart
from shop.forms import CheckoutForm

# Of the latest orders of a browser or an account, so many may have been made by a form sent again.
FAR_BACK = 100
CHANGED_TOO_LATE = (
    "You had ordered before, as it stands below. What you have changed since was not ordered, and "
    "not charged."
)


class SeeOther(HttpResponseRedirect):
    """Done; look there."""

    status_code = 303


def under_way(request: HttpRequest, basket: Basket) -> HttpResponse | None:
    """To the order that this form has made, or that another tab is still paying.

    Asked before anything else: whatever was typed or has changed since, what may have been charged
    is not charged again under another key. Only an order that failed, or was never tried to be
    paid (held), is out of the way.
    """
    order = current_order(checkout_key=sent_key(request))
    if order is None:
        return None
    if not says(CheckoutForm(request.POST, basket=basket), order):
        messages.warning(request, CHANGED_TOO_LATE)
    return arrived(request, order)


def says(form: CheckoutForm, order: Order) -> bool:
    """Whether it is this order that stands in the form.

    An order from before an address had parts was made by a form that has none. Whether parts are
    the same address nobody can tell.
    """
    if form.errors.keys() - (set() if order.country else {*PARTS}):
        return False
    draft = form.draft()
    if draft.goes_to.country and not order.country:
        draft = replace(draft, address=order.address, goes_to=Address())
    return draft.fingerprint == order.fingerprint


def arrived(request: HttpRequest, order: Order, *, at: str = "") -> HttpResponse:
    """To the order's page, which this browser may see from now on; the cart knows of it.

    Or to another page of the order (`at`). Said once: sent again from an old page, it says nothing
    of today's cart.
    """
    if not is_own(request, order):
        remember(request, order)
        Cart(request).pay(order)
    return SeeOther(at or order_page(order))


def already_ordered(request: HttpRequest) -> HttpResponse | None:
    """To the order that this browser made with the same form, or that it is still paying."""
    sent = sent_key(request)
    mine = own_orders(request, most=FAR_BACK).orders
    made = (one.number for one in mine if one.checkout_key == sent)
    number = next(made, Cart(request).paying)
    return SeeOther(reverse("shop:order", args=[number])) if number else None


def sent_key(request: HttpRequest) -> uuid.UUID:
    """The key of the form that was sent; without one, a key nothing was ordered under."""
    try:
        return uuid.UUID(request.POST.get("checkout_key", ""))
    except ValueError:
        return uuid.uuid4()


def bank_page(order: Order) -> str:
    """What leads its customer to their bank."""
    return reverse("shop:order_bank", args=[order.number])


def order_page(order: Order) -> str:
    """Where its customer sees it."""
    return reverse("shop:order", args=[order.number])
