"""To the customer's bank, and back (3-D Secure).

The way there is a page of ours that forwards by itself: a redirect in answer to a form would need a
`form-action` for every bank in the world. The way back works in any browser that has the order's
link, sets no cookie, and believes nothing of what stands in its address: that may be forged, and
opened twice or never.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.access import visit
from shop.at_bank import look_again, page_for
from shop.views.orders import private
from shop.views.repeating import SeeOther, order_page


@require_safe
@private
def to_bank(request: HttpRequest, number: str) -> HttpResponse:
    """To the bank's page; to the order's, where there is nothing to answer (any more)."""
    mine = visit(request, number)
    url = page_for(mine.order)
    if not url:
        return SeeOther(order_page(mine.order) + mine.query)
    return render(request, "shop/to_bank.html", {"url": url, "order": mine.order})


@require_safe
@private
def back(request: HttpRequest, number: str) -> HttpResponse:
    """From the bank: the provider is asked what came of it, and the order's page says so."""
    mine = visit(request, number)
    look_again(mine.order)
    return SeeOther(order_page(mine.order) + mine.query)
