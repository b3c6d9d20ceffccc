"""The customer's returns of an order: what became of each, and the form that asks for another.

The address may hold the order's token. It is told to our own pages only (`same-origin`), which a
form with a CSRF token needs.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deferral.errors import NotAllowed
from orders.models import Return
from orders.returns.asking import ask_return, withdraw_return
from orders.returns.offering import offer_of
from orders.selectors import refunds_of, returns_of
from shop.access import Visit, visit
from shop.return_steps import said_of
from shop.views.repeating import SeeOther
from shop.views.return_form import ReturnForm

CONFLICT, UNPROCESSABLE = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def returns(request: HttpRequest, number: str) -> HttpResponse:
    """Those that there are, and the form while something may be sent back."""
    mine = visit(request, number)
    if request.method != "POST":
        return page(request, mine)
    offer = offer_of(mine.order)
    form = ReturnForm(offer, request.POST)
    if was_asked(mine, form):
        return SeeOther(address_of(mine))
    if not offer.is_open:
        return page(request, mine, status=CONFLICT)
    if not form.is_valid():
        return page(request, mine, form, status=UNPROCESSABLE)
    try:
        ask_return(order_id=mine.order.pk, key=form.cleaned_data["key"], asked=form.asked())
    except NotAllowed as error:
        form.add_error(None, str(error))
        return page(request, mine, form, status=CONFLICT)
    return SeeOther(address_of(mine))


@require_POST
@never_cache
def withdraw(request: HttpRequest, number: str, tag: str) -> HttpResponse:
    """The customer keeps the goods. 409, and the page, where it is too late for that."""
    mine = visit(request, number)
    found = get_object_or_404(Return, tag=tag, order=mine.order)
    try:
        withdraw_return(return_id=found.pk)
    except NotAllowed as error:
        return page(request, mine, told=str(error), status=CONFLICT)
    return SeeOther(address_of(mine))


def was_asked(mine: Visit, form: ReturnForm) -> bool:
    """Whether this very form was taken before: what it asked for is no longer on offer now."""
    form.is_valid()
    key = form.cleaned_data.get("key")
    return key is not None and mine.order.returns.filter(asked_key=key).exists()


def page(
    request: HttpRequest,
    mine: Visit,
    form: ReturnForm | None = None,
    *,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    """What is so of each, the latest first; and the form as it was sent, or anew."""
    offer, refunds = offer_of(mine.order), list(refunds_of(mine.order.pk))
    found = [(one, *said_of(one, refunds)) for one in returns_of(mine.order.pk)]
    context = {
        "visit": mine,
        "order": mine.order,
        "offer": offer,
        "returns": found[::-1],
        "form": (form or ReturnForm(offer)) if offer.is_open else None,
        "told": [told] if told else form.non_field_errors() if form else (),
        "address": settings.RETURN_ADDRESS,
        "section": "orders",
    }
    return render(request, "shop/returns.html", context, status=status)


def address_of(mine: Visit) -> str:
    """Of this page, with what lets its visitor in again."""
    return reverse("shop:returns", args=[mine.order.number]) + mine.query
