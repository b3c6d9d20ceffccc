"""The customer's orders. Guests have no account: their browser or the order's link lets them in.

No page here has a form of its own: with `no-referrer` a browser sends no origin, and Django
would refuse the POST.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orders.models import Order, OrderLine
from shop.access import Visit, own_orders, visit
from shop.additions import links_of
from shop.cart import Cart
from shop.downloads import downloads_of
from shop.models import Product
from shop.order_list import listed
from shop.photos import with_first
from shop.progress import Progress, order_progress
from shop.return_steps import leads_to_returns

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Kept by nobody, and the address is told to nobody: it may hold the order's token."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


@require_safe
@private
def orders(request: HttpRequest) -> HttpResponse:
    """What this browser has ordered, the latest first: a page of it."""
    page = own_orders(request, before=request.GET.get("before", ""))
    context = {"orders": listed(page.orders), "older": page.older, "section": "orders"}
    return render(request, "shop/orders.html", context)


@require_safe
@private
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order, with what is happening to it. Live with htmx, reloading without JavaScript."""
    mine = visit(request, number)
    Cart(request).settle()
    return render(request, "shop/order.html", live(mine, order_progress(mine.order)))


@require_safe
@private
def order_steps(request: HttpRequest, number: str) -> HttpResponse:
    """The page's content again. 204 while it would look like version `v`: next to no work."""
    mine = visit(request, number)
    progress = order_progress(mine.order)
    if request.GET.get("v", "") == progress.version:
        return HttpResponse(status=204)
    return render(request, "shop/_order.html", live(mine, progress))


def live(mine: Visit, progress: Progress) -> dict[str, object]:
    """What the page is drawn from: an order's lines with pictures and downloads, and its steps."""
    lines = with_pictures(mine.order)
    back = progress.back
    found = downloads_of(mine.order, [line for line, _ in lines], back)
    downloads = {download.sku: download for download in found}
    links = links_of(mine.order, lines, back)
    return {
        "visit": mine,
        "order": mine.order,
        "progress": progress,
        "to_returns": leads_to_returns(
            mine.order, [line for line, _ in lines], back, progress.steps
        ),
        "lines": [
            (line, product, downloads.get(line.sku), back.of(line), links[line.pk])
            for line, product in lines
        ],
        "section": "orders",
    }


def with_pictures(order: Order) -> list[tuple[OrderLine, Product | None]]:
    """Its lines, each with the product whose picture it shows, while there is one."""
    lines = list(order.lines.all())
    wanted = with_first(Product.objects.filter(sku__in=[line.sku for line in lines]))
    products = {product.sku: product for product in wanted}
    return [(line, products.get(line.sku)) for line in lines]
