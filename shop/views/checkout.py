"""The one page where money moves. It answers when the payment is through."""

import math
import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.errors import CheckoutKeyReused, NotPayable, PaymentRefused, PaymentUnavailable
from orders.models import Order
from orders.selectors import held_order
from shop.basket import Basket
from shop.cart import Cart
from shop.checkout import Checkout, check_out
from shop.checkout_keys import is_made_for, new_key
from shop.errors import OutOfStock, PriceChanged, TooBusy
from shop.forms import CheckoutForm, fresh_values
from shop.settlement import HELD_FOR
from shop.views.repeating import already_ordered, arrived, bank_page, sent_key, under_way
from shop.wording import wait

DECLINED, CONFLICT, REFUSED, NO_PROVIDER = 402, 409, 502, 503
SOON = timedelta(seconds=3)  # a lock may be gone by then


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it."""
    mine = Cart(request)
    basket = mine.basket()
    if not basket.lines:
        return already_ordered(request) or redirect("shop:cart")
    if request.method == "POST":
        return foreign(request) or under_way(request, basket) or submit(request, basket)
    held = held_order(number=mine.paying) if mine.paying else None
    if basket.is_blocked and held is None:
        return redirect("shop:cart")
    form = CheckoutForm(initial=values_of(request, held, basket), basket=basket)
    return page(request, basket, form)


def values_of(request: HttpRequest, held: Order | None, basket: Basket) -> dict[str, Any]:
    """A new form's, or those of the order that this cart is set aside for."""
    fresh = fresh_values(basket, new_key(request))
    if held is None:
        return fresh
    person = {"name": held.name, "email": held.mailbox, "address": held.address}
    return fresh | person | {"checkout_key": held.checkout_key}


def foreign(request: HttpRequest) -> HttpResponse | None:
    """A form that was not made for this browser: it gets one of its own, and hears of no order."""
    if is_made_for(request, sent_key(request)):
        return None
    return again(request, reason=NOT_ITS_OWN, status=CONFLICT)


NOT_ITS_OWN = (
    "This page was made for another browser, or your browser has forgotten it. Nothing was "
    "ordered: please look at it once more and press the button again."
)


def submit(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Order and pay; show the order, or the form again with the reason and the cart as it was."""
    form = CheckoutForm(request.POST, basket=basket)
    if not form.is_valid() and not form.shows_another_price:
        return page(request, basket, form, status=422)
    if basket.is_blocked and held_order(checkout_key=sent_key(request)) is None:
        return again(request, reason=wrong_with(basket), status=CONFLICT)
    try:
        done = order_from(form, basket)
    except (OutOfStock, PriceChanged, CheckoutKeyReused, NotPayable) as error:
        # The form may have been sent twice at the same moment, and changed in between.
        reason = f"{error} Nothing was ordered."
        return under_way(request, basket) or again(request, reason=reason, status=CONFLICT)
    except TooBusy as busy:
        return under_way(request, basket) or later(request, reason=str(busy), pause=SOON)
    return answer(request, done)


def answer(request: HttpRequest, done: Checkout) -> HttpResponse:
    """What came of it, as the customer reads it."""
    if done.outcome == "failed":
        return again(request, reason=f"{done.reason} Nothing was charged.", status=DECLINED)
    if done.outcome == "unavailable":
        return again(request, reason=str(PaymentUnavailable()), status=NO_PROVIDER)
    if done.outcome == "refused":
        return again(request, reason=str(PaymentRefused()), status=REFUSED)
    if done.outcome == "held":
        return come_back(request, timedelta(seconds=math.ceil(done.wait)))
    return arrived(request, done.order, at=bank_page(done.order) if is_asked(done) else "")


def is_asked(done: Checkout) -> bool:
    """Whether the bank wants to hear from its customer first."""
    return done.outcome == "bank"


def come_back(request: HttpRequest, pause: timedelta) -> HttpResponse:
    """The provider is left alone: at once, the form as it was, and what was chosen is set aside."""
    reason = AWAY.format(when=wait(pause), minutes=round(HELD_FOR.total_seconds() / 60))
    return later(request, reason=reason, pause=pause)


def later(request: HttpRequest, *, reason: str, pause: timedelta) -> HttpResponse:
    """The form as it was filled in, and when to press again."""
    response = again(request, reason=reason, status=NO_PROVIDER)
    response["Retry-After"] = str(round(pause.total_seconds()))
    return response


AWAY = (
    "Payments do not get through at the moment, and nothing was charged. What you chose is set "
    "aside for you for {minutes} minutes: please press the button again {when}."
)


def order_from(form: CheckoutForm, basket: Basket) -> Checkout:
    """Check out what the form says, at the price its page showed. PriceChanged otherwise."""
    if form.shows_another_price:
        raise PriceChanged
    return check_out(draft=form.draft(), method=form.cleaned_data.get("payment_method", ""))


def wrong_with(basket: Basket) -> str:
    """What has to change before this can be ordered, line by line."""
    found = [f"{line.product.title}: {line.problem}." for line in basket.problems]
    return " ".join([*found, basket.refusal, "Nothing was ordered."]).replace("  ", " ")


def again(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """The form as it was filled in.

    Under a new key once an order has failed under its own: what comes next is another attempt. Else
    the key stays, so that a click that is still on its way and the next one make one order.
    """
    now, key = Cart(request).basket(), sent_key(request)
    fresh = fresh_values(now, new_key(request))
    failed = Order.objects.filter(state=Order.State.PAYMENT_FAILED)
    if is_made_for(request, key) and not failed.filter(checkout_key=key).exists():
        del fresh["checkout_key"]
    filled = request.POST.dict() | fresh
    return page(request, now, CheckoutForm(filled, basket=now), reason=reason, status=status)


def page(
    request: HttpRequest, basket: Basket, form: CheckoutForm, *, reason: str = "", status: int = 200
) -> HttpResponse:
    """The form beside what is in the cart."""
    context = {
        "basket": basket,
        "is_blocked": basket.is_blocked and held_order(checkout_key=key_of(form)) is None,
        "form": form,
        "reason": reason,
        "declined": status == DECLINED,
        "section": "cart",
    }
    return render(request, "shop/checkout.html", context, status=status)


def key_of(form: CheckoutForm) -> uuid.UUID | None:
    """The checkout key that this form will be sent with."""
    try:
        return uuid.UUID(str(form["checkout_key"].value()))
    except ValueError:
        return None
