"""What a person decides about an endpoint or a delivery: a page that asks why, then one service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from deferral.admin.confirmations import Why
from deferral.errors import NotAllowed
from notifications import endpoints
from notifications.admin.permissions import may_manage, may_send
from notifications.models import Delivery, Endpoint
from notifications.recovery import resend


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Something that may be decided while `allowed` says so, by whoever `may`."""

    verb: str
    may: Callable[[HttpRequest], bool]
    allowed: Callable[[Any], bool]
    service: Callable[..., object]
    consequence: str
    done: str


def is_on(endpoint: Endpoint) -> bool:
    """Whether it is sent anything."""
    return endpoint.disabled_at is None


def is_off(endpoint: Endpoint) -> bool:
    """Whether it is not."""
    return not is_on(endpoint)


def may_rotate(endpoint: Endpoint) -> bool:
    """Not while the secret before signs too: the receiver may have that one alone."""
    return is_on(endpoint) and len(endpoint.secrets) == 1


def has_somewhere_to_go(delivery: Delivery) -> bool:
    """A disabled endpoint is not called."""
    return is_on(delivery.endpoint)


def _again(*, delivery_id: int, by: str, reason: str) -> None:
    resend(delivery_id=delivery_id, by=by, reason=reason)


ABOUT_ENDPOINTS = {
    "rotate": Decision(
        verb="Rotate secret",
        may=may_manage,
        allowed=may_rotate,
        service=endpoints.rotate_secret,
        consequence="A new secret signs from now on, and for 24 hours the one until now signs too. "
        "Give the new one, which stands on the endpoint's page, to the receiver within that time.",
        done="has a new secret; the old one signs too for 24 hours.",
    ),
    "disable": Decision(
        verb="Disable",
        may=may_manage,
        allowed=is_on,
        service=endpoints.disable,
        consequence="Nothing is sent there from now on. What is on its way becomes a dead letter; "
        "what happens meanwhile can be recovered later.",
        done="is sent nothing any more.",
    ),
    "enable": Decision(
        verb="Enable",
        may=may_manage,
        allowed=is_off,
        service=endpoints.enable,
        consequence="From now on it is told again what happens. What it missed is brought by "
        "Recover, which is another button.",
        done="is told again what happens. Recover brings what it missed.",
    ),
}
ABOUT_DELIVERIES = {
    "resend": Decision(
        verb="Resend",
        may=may_send,
        allowed=has_somewhere_to_go,
        service=_again,
        consequence="The same webhook-id and the same body are sent once more, signed anew. A "
        "receiver that has it already takes it for a repeat.",
        done="will be sent again. Its attempt appears below.",
    )
}


def possible(request: HttpRequest, row: Model, table: dict[str, Decision]) -> dict[str, Decision]:
    """What this person may decide about it now."""
    return {name: one for name, one in table.items() if one.may(request) and one.allowed(row)}


def decide(
    desk: admin.ModelAdmin[Any], request: HttpRequest, row: Model, one: Decision
) -> HttpResponse:
    """Ask on GET; act on POST, once a reason is given. For who may: the caller asks."""
    form = Why(request.POST if request.method == "POST" else None)
    if form.is_valid() and one.allowed(row):
        _carry_out(desk, request, row, one, form.cleaned_data["reason"])
        return redirect(f"admin:notifications_{desk.opts.model_name}_change", row.pk)
    context: dict[str, Any] = {
        **desk.admin_site.each_context(request),
        "title": f"{one.verb}: {row}?",
        "opts": desk.opts,
        "row": row,
        "decision": one,
        "form": form,
        "allowed": one.allowed(row),
    }
    return TemplateResponse(request, "admin/notifications/decide.html", context)


def _carry_out(
    desk: admin.ModelAdmin[Any], request: HttpRequest, row: Model, one: Decision, reason: str
) -> None:
    which = {f"{desk.opts.model_name}_id": row.pk}
    try:
        with transaction.atomic():
            one.service(**which, by=request.user.get_username(), reason=reason)
            desk.log_change(request, row, f"{one.verb}: {reason}")
    except NotAllowed as error:
        desk.message_user(request, str(error), messages.ERROR)
        return
    desk.message_user(request, f"{row} {one.done}", messages.SUCCESS)
