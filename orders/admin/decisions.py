"""Cancelling and refunding: a page that asks why, then one service call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from deferral.admin.confirmations import Why
from deferral.errors import NotAllowed
from orders import money_back, services
from orders.admin.refunding import HowMuch, may_refund
from orders.models import Order

Ask = Callable[[Order, QueryDict | None], Why]


def ask_why(_: Order, data: QueryDict | None) -> Why:
    """What most decisions want to know."""
    return Why(data)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Something staff may decide about an order, while `allowed` says so."""

    verb: str
    allowed: Callable[[Order], bool]
    service: Callable[..., Order]
    consequence: str
    done: str
    ask: Ask = ask_why


def may_cancel(order: Order) -> bool:
    """By the table of its states."""
    return Order.State.CANCELLED in Order.TRANSITIONS.get(order.state, ())


# Other apps add theirs.
DECISIONS = {
    "cancel": Decision(
        verb="Cancel order",
        allowed=may_cancel,
        service=services.cancel_order,
        consequence="Its stock is given back here and at every supplier, the money goes back, and "
        "the customer and our partner are told.",
        done="is cancelled. What follows is under way below.",
    ),
    "refund": Decision(
        verb="Refund",
        allowed=may_refund,
        service=money_back.request_refund,
        consequence="The money goes back as soon as the provider has done it, and the customer is "
        "told. With the last of it the order is refunded: its stock is given back, its tickets and "
        "downloads are no longer valid, and our partner is told.",
        done="will be refunded as soon as the provider has done it.",
        ask=HowMuch,
    ),
}


def possible(order: Order) -> dict[str, Decision]:
    """What may be decided about this order now."""
    return {name: one for name, one in DECISIONS.items() if one.allowed(order)}


def decide(
    desk: admin.ModelAdmin[Order], request: HttpRequest, order_id: int, name: str
) -> HttpResponse:
    """Ask on GET; act on POST, once a reason is given. For who may change orders."""
    if name not in DECISIONS:
        raise Http404
    if not request.user.has_perm("orders.change_order"):
        raise PermissionDenied
    order = get_object_or_404(Order, pk=order_id)
    form = DECISIONS[name].ask(order, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(desk, request, order, DECISIONS[name], form)
    _carry_out(desk, request, order, DECISIONS[name], form)
    return redirect("admin:orders_order_change", order.pk)


def _carry_out(
    desk: admin.ModelAdmin[Order], request: HttpRequest, order: Order, one: Decision, form: Why
) -> None:
    try:
        with transaction.atomic():
            one.service(order_id=order.pk, by=request.user.get_username(), **form.terms())
            desk.log_change(request, order, form.told(one.verb))
    except NotAllowed as error:
        desk.message_user(request, str(error), messages.ERROR)
        return
    desk.message_user(request, f"{order.number} {one.done}", messages.SUCCESS)


def _ask(
    desk: admin.ModelAdmin[Order], request: HttpRequest, order: Order, one: Decision, form: Why
) -> HttpResponse:
    context: dict[str, Any] = {
        **desk.admin_site.each_context(request),
        "title": f"{one.verb}: {order.number}?",
        "opts": desk.opts,
        "order": order,
        "decision": one,
        "form": form,
        "allowed": one.allowed(order),
    }
    return TemplateResponse(request, "admin/orders/decide.html", context)
