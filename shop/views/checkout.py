"""The one page where money moves. It answers when the payment is through."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.errors import CheckoutKeyReused, PaymentUnavailable
from orders.models import Order
from shop.access import own_numbers, remember
from shop.basket import Basket
from shop.cart import Cart
from shop.checkout import Checkout, check_out
from shop.errors import OutOfStock, PriceChanged
from shop.forms import CheckoutForm, fresh_values

DECLINED, CONFLICT, NO_PROVIDER = 402, 409, 503


class SeeOther(HttpResponseRedirect):
    """Done; look there."""

    status_code = 303


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it."""
    mine = Cart(request.session)
    basket = mine.basket()
    if not basket.lines:
        return already_ordered(request) or redirect("shop:cart")
    if request.method == "POST":
        return submit(request, basket)
    if mine.paying:
        return redirect("shop:order", mine.paying)
    if basket.problems:
        return redirect("shop:cart")
    return page(request, basket, CheckoutForm(initial=fresh_values(basket), basket=basket))


def submit(request: HttpRequest, basket: Basket) -> HttpResponse:
    """Order and pay; show the order, or the form again with the reason and the cart as it was."""
    form = CheckoutForm(request.POST, basket=basket)
    if not form.is_valid():
        return page(request, basket, form, status=422)
    try:
        done = order_from(form, basket)
    except (OutOfStock, PriceChanged, CheckoutKeyReused) as error:
        return again(request, reason=f"{error} Nothing was ordered.", status=CONFLICT)
    if done.outcome == "failed":
        return again(request, reason=f"{done.reason} Nothing was charged.", status=DECLINED)
    if done.outcome == "unavailable":
        return again(request, reason=str(PaymentUnavailable()), status=NO_PROVIDER)
    return arrived(request, done.order)


def order_from(form: CheckoutForm, basket: Basket) -> Checkout:
    """Check out what the form says, at the price its page showed. PriceChanged otherwise."""
    sent = form.cleaned_data
    if sent["expected_total"] not in {None, basket.total_cents}:
        raise PriceChanged
    draft = basket.draft(
        checkout_key=sent["checkout_key"],
        name=sent["name"],
        email=sent["email"],
        address=sent.get("address", ""),
    )
    return check_out(draft=draft, method=sent["payment_method"])


def arrived(request: HttpRequest, order: Order) -> HttpResponse:
    """To the order's page, which this session may see from now on; a paid cart is empty."""
    order.refresh_from_db(fields=["state"])
    remember(request.session, order)
    Cart(request.session).settle(order)
    return SeeOther(order_page(order))


def again(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """The form as it was filled in, under a new key: whatever comes next is another attempt."""
    now = Cart(request.session).basket()
    filled = request.POST.dict() | fresh_values(now)
    return page(request, now, CheckoutForm(filled, basket=now), reason=reason, status=status)


def already_ordered(request: HttpRequest) -> HttpResponse | None:
    """A form sent once more from an old page, after its order was placed by this session."""
    try:
        key = uuid.UUID(request.POST.get("checkout_key", ""))
    except ValueError:
        return None
    mine = Order.objects.filter(number__in=own_numbers(request.session), checkout_key=key)
    order = mine.first()
    return SeeOther(order_page(order)) if order else None


def order_page(order: Order) -> str:
    """Where its customer sees it."""
    return reverse("shop:order", args=[order.number])


def page(
    request: HttpRequest, basket: Basket, form: CheckoutForm, *, reason: str = "", status: int = 200
) -> HttpResponse:
    """The form beside what is in the cart."""
    context = {
        "basket": basket,
        "form": form,
        "reason": reason,
        "declined": status == DECLINED,
        "section": "cart",
    }
    return render(request, "shop/checkout.html", context, status=status)
