"""A guest finds an order again. Every answer is the same, whatever there is; a GET shows nothing.

The link's page has a form, so its address is told to this site alone (`same-origin`): with
`no-referrer` a browser would send no origin with the form either.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shop.access import remember
from shop.mail_limits import PER_ADDRESS, too_often
from shop.order_links.asking import WORKS_FOR, ask
from shop.order_links.form import FindOrderForm
from shop.order_links.opening import order_behind

METHODS = ["GET", "HEAD", "POST"]
COUNTED = "order_link"


@never_cache
@require_http_methods(METHODS)
def find_order(request: HttpRequest) -> HttpResponse:
    """Ask for a mail. What is asked too often gets the same answer, and no mail."""
    form = FindOrderForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "section": "orders"}
        return render(request, "shop/find_order.html", context, status=422 if form.errors else 200)
    address = form.cleaned_data["email"]
    limited = too_often(request, address, what=COUNTED)
    ask(number=form.cleaned_data["number"], address=address, limited=limited)
    return redirect("shop:order_mailed")


@never_cache
@require_safe
def order_mailed(request: HttpRequest) -> HttpResponse:
    """What to expect."""
    context = {"section": "orders", "most": PER_ADDRESS, "minutes": minutes()}
    return render(request, "shop/order_mailed.html", context)


@never_cache
@require_http_methods(METHODS)
def order_found(request: HttpRequest, secret: str) -> HttpResponse:
    """One click more: from then on this browser sees the order as the one that placed it does."""
    order = order_behind(secret)
    if order is not None and request.method == "POST":
        remember(request, order)
        return redirect("shop:order", order.number)
    context = {"is_there": order is not None, "minutes": minutes(), "section": "orders"}
    page = render(request, "shop/order_found.html", context, status=200 if order else 404)
    page["Referrer-Policy"] = "same-origin"
    return page


def minutes() -> int:
    """How long a link works."""
    return round(WORKS_FOR.total_seconds() / 60)
