"""The one page where money moves. It answers when the payment is through."""

import math
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.errors import CheckoutKeyReused, NotPayable, PaymentRefused, PaymentUnavailable
from shop.basket import Basket
from shop.cart import Cart
from shop.checkout import Checkout, check_out
from shop.checkout_keys import is_made_for
from shop.errors import OutOfStock, PriceChanged, TooBusy
from shop.forms import CheckoutForm
from shop.views.form_state import at_first, when_sent
from shop.views.repeating import already_ordered, arrived, bank_page, sent_key, under_way
from shop.views.showing_form import (
    CONFLICT,
    DECLINED,
    NO_PROVIDER,
    again,
    come_back,
    later,
    page,
    refuse,
)

REFUSED = 502
SOON = timedelta(seconds=3)  # a lock may be gone by then


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it."""
    basket = Cart(request).basket()
    if not basket.lines:
        return already_ordered(request) or redirect("shop:cart")
    if request.method == "POST":
        return foreign(request) or under_way(request, basket) or submit(request, basket)
    state = at_first(request, basket)
    return redirect("shop:cart") if state.is_blocked else page(request, state, state.to_fill_in())


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
    state = when_sent(request, basket)
    form = state.as_sent(request)
    if not form.is_valid() and not form.shows_another_price:
        return page(request, state, form, status=422)
    if state.is_blocked:
        return again(request, reason=wrong_with(basket), status=CONFLICT)
    try:
        done = order_from(form, basket)
    except (OutOfStock, PriceChanged, CheckoutKeyReused, NotPayable) as error:
        # The form may have been sent twice at the same moment, and changed in between.
        return under_way(request, basket) or refuse(request, error)
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


def order_from(form: CheckoutForm, basket: Basket) -> Checkout:
    """Check out what the form says, at the price its page showed. PriceChanged otherwise."""
    if form.shows_another_price:
        raise PriceChanged
    return check_out(draft=form.draft(), method=form.cleaned_data.get("payment_method", ""))


def wrong_with(basket: Basket) -> str:
    """What has to change before this can be ordered, line by line."""
    found = [f"{line.product.title}: {line.problem}." for line in basket.problems]
    return " ".join([*found, basket.refusal, "Nothing was ordered."]).replace("  ", " ")
