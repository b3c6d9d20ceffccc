"""The page on which an order is paid whose payment failed: no cart, no address, another card.

Its address may hold the order's token. It is told to our own pages only (`same-origin`), which a
form with a CSRF token needs.
"""

import math
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.errors import NotPayableNow, PaymentUnavailable
from orders.models import Order
from shop import paying_again
from shop.access import Visit, visit
from shop.checkout import Checkout
from shop.countdowns import counted_in_an_alert
from shop.forms import PaymentForm
from shop.progress import order_progress
from shop.views.orders import with_pictures
from shop.views.repeating import SeeOther, bank_page, order_page

DECLINED, UNPROCESSABLE, NO_PROVIDER = 402, 422, 503
AWAY = "{error} What you chose is kept for you: please press the button again {when}."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pay_again(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and what comes of it; to the order's page where there is nothing to pay."""
    mine = visit(request, number)
    if not paying_again.may_be_paid(mine.order):
        return to_order(mine)
    if request.method != "POST":
        return page(request, mine, PaymentForm())
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return page(request, mine, form, status=UNPROCESSABLE)
    try:
        done = paying_again.pay_again(
            order_id=mine.order.pk, method=form.cleaned_data["payment_method"]
        )
    except NotPayableNow:
        return to_order(mine)
    return answer(request, mine, form, done)


def answer(request: HttpRequest, mine: Visit, form: PaymentForm, done: Checkout) -> HttpResponse:
    """What came of it, as the customer reads it."""
    if done.outcome == "failed":
        reason = f"{done.reason} Nothing was charged: choose another card and try again."
        return page(request, mine, form, reason=reason, status=DECLINED)
    if done.outcome == "refused":
        return page(request, mine, form, reason=done.reason, status=NO_PROVIDER)
    if done.outcome in {"unavailable", "held"}:
        return come_back(request, mine, form, timedelta(seconds=math.ceil(done.wait)))
    if done.outcome == "bank":
        return SeeOther(bank_page(done.order) + mine.query)
    return to_order(mine)


def come_back(
    request: HttpRequest, mine: Visit, form: PaymentForm, pause: timedelta
) -> HttpResponse:
    """Nothing was begun, or nothing of it is left: the same page, and when to press again."""
    when = counted_in_an_alert(pause)
    reason = format_html(AWAY, error=PaymentUnavailable(), when=when)
    response = page(request, mine, form, reason=reason, status=NO_PROVIDER)
    response["Retry-After"] = str(max(1, round(pause.total_seconds())))
    return response


def page(
    request: HttpRequest, mine: Visit, form: PaymentForm, *, reason: str = "", status: int = 200
) -> HttpResponse:
    """The cards beside what is to be paid; the order's page, when the time is over meanwhile."""
    order = Order.objects.get(pk=mine.order.pk)
    if not paying_again.may_be_paid(order):
        return to_order(mine)
    context = {
        "visit": mine,
        "order": order,
        "lines": with_pictures(order),
        "progress": order_progress(order),
        "form": form,
        "reason": reason,
        "section": "orders",
    }
    return render(request, "shop/pay_again.html", context, status=status)


def to_order(mine: Visit) -> HttpResponse:
    """Where all is told."""
    return SeeOther(order_page(mine.order) + mine.query)
