"""What the checkout's form stands for at this moment, decided once for every page that shows it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from accounts.telephones import as_written
from orders.models import Order
from orders.selectors import held_order
from shop.address_form import PARTS
from shop.basket import Basket
from shop.cart import Cart
from shop.checkout_keys import is_made_for, new_key
from shop.forms import CheckoutForm, fresh_values
from shop.views.repeating import sent_key


@dataclass(frozen=True, kw_only=True, slots=True)
class FormState:
    """The cart at today's prices, and the key under which the form will be sent.

    `is_blocked`: it cannot be ordered like this, and is not set aside under the key. `person` is
    whoever it is set aside for.
    """

    basket: Basket
    key: uuid.UUID
    is_blocked: bool
    person: Mapping[str, str] = field(default_factory=dict)

    def to_fill_in(self) -> CheckoutForm:
        """The form as it is seen first."""
        return CheckoutForm(initial={**self._hidden, **self.person}, basket=self.basket)

    def as_sent(self, request: HttpRequest) -> CheckoutForm:
        """The form with everything that was sent, to be checked."""
        return CheckoutForm(request.POST, basket=self.basket)

    def to_send_again(self, request: HttpRequest) -> CheckoutForm:
        """The form as it was filled in, with today's sum."""
        return CheckoutForm(request.POST.dict() | self._hidden, basket=self.basket)

    @property
    def _hidden(self) -> dict[str, str]:
        return fresh_values(self.basket, self.key)


def at_first(request: HttpRequest, basket: Basket) -> FormState:
    """Before it is sent: a new key, or that of the order which this cart is set aside for."""
    number, key = Cart(request).paying, new_key(request)
    held = held_order(number=number) if number else None
    if held is None:
        return FormState(basket=basket, key=key, is_blocked=basket.is_blocked)
    person = {"name": held.name, "email": held.mailbox, **parts_of(held)}
    person["phone"] = as_written(held.phone)
    return FormState(basket=basket, key=held.checkout_key, is_blocked=False, person=person)


def parts_of(order: Order) -> dict[str, str]:
    """Its address as it was typed. Of an order from before there were parts, all in one field."""
    found = {name: getattr(order, name) for name in PARTS if getattr(order, name)}
    return {"address": order.street or order.address, **found}


def when_sent(request: HttpRequest, basket: Basket) -> FormState:
    """Under the key that it was sent with."""
    return _under(sent_key(request), basket)


def when_refused(request: HttpRequest) -> FormState:
    """To be sent again, with the cart as it is by now.

    Under a new key once an order has failed under its own: what comes next is another attempt. Else
    the key stays, so that a click that is still on its way and the next one make one order.
    """
    now, key = Cart(request).basket(), sent_key(request)
    fresh = new_key(request)
    failed = Order.objects.filter(state=Order.State.PAYMENT_FAILED, checkout_key=key)
    keeps = is_made_for(request, key) and not failed.exists()
    return _under(key if keeps else fresh, now)


def _under(key: uuid.UUID, basket: Basket) -> FormState:
    is_blocked = basket.is_blocked and held_order(checkout_key=key) is None
    return FormState(basket=basket, key=key, is_blocked=is_blocked)
