"""Recovering what an endpoint missed: since when and why, how much that is, then the work."""

from collections import Counter
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from deferral.admin.confirmations import Why
from deferral.relief import refusal
from notifications.models import Endpoint
from notifications.owed import FURTHEST_BACK, count_owed
from notifications.recovery import ask_for_recovery

Counts = Counter[tuple[str, str]]
# More than these at once are refused while there is too much work already.
FEW = 20


class Since(Why):
    """A moment in the house's time zone, and the reason. `count` is how many the page named."""

    since = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Everything it chose that happened since then and was not delivered.",
    )
    count = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("since", "reason", "count")

    def clean_since(self) -> datetime:
        """Not in the future, and not further back than events are surely kept."""
        moment: datetime = self.cleaned_data["since"]
        now = timezone.now()
        if not now - FURTHEST_BACK <= moment <= now:
            msg = f"A moment within the last {FURTHEST_BACK.days} days. Nothing was done."
            raise ValidationError(msg)
        return moment


def recover_page(
    desk: admin.ModelAdmin[Endpoint], request: HttpRequest, endpoint: Endpoint
) -> HttpResponse:
    """The form; then the same with the count; then, if that is still so, the work."""
    form = Since(request.POST if request.method == "POST" else None, initial=_since(endpoint))
    if not form.is_valid():
        return _ask(desk, request, endpoint, form)
    owed = count_owed(endpoint, form.cleaned_data["since"])
    if "confirmed" not in request.POST or form.cleaned_data["count"] != owed.total():
        return _ask(desk, request, endpoint, form, owed)
    refused = refusal(request, lanes=["partners"]) if owed.total() > FEW else None
    if refused is not None:
        return refused
    _carry_out(desk, request, endpoint, form.cleaned_data, owed.total())
    return redirect("admin:notifications_endpoint_change", endpoint.pk)


@transaction.atomic
def _carry_out(
    desk: admin.ModelAdmin[Endpoint],
    request: HttpRequest,
    endpoint: Endpoint,
    said: dict[str, Any],
    count: int,
) -> None:
    since, reason = said["since"], said["reason"]
    by = request.user.get_username()
    ask_for_recovery(endpoint_id=endpoint.pk, since=since, by=by, reason=reason)
    at = timezone.localtime(since)
    desk.log_change(request, endpoint, f"Recover {count} since {at:%Y-%m-%d %H:%M}: {reason}")
    what = f"{count} {'delivery is' if count == 1 else 'deliveries are'} brought to {endpoint}."
    desk.message_user(request, what, messages.SUCCESS)


def _ask(
    desk: admin.ModelAdmin[Endpoint],
    request: HttpRequest,
    endpoint: Endpoint,
    form: Since,
    owed: Counts | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        **desk.admin_site.each_context(request),
        "title": f"Recover: {endpoint}",
        "opts": desk.opts,
        "row": endpoint,
        "form": form,
        "counted": owed is not None,
        "total": owed.total() if owed else 0,
        "groups": [(*what, count) for what, count in sorted(owed.items())] if owed else [],
    }
    return TemplateResponse(request, "admin/notifications/recover.html", context)


def _since(endpoint: Endpoint) -> dict[str, datetime]:
    """Since it was last well."""
    last = endpoint.deliveries.filter(delivered_at__isnull=False).order_by("-delivered_at").first()
    moment = endpoint.failing_since or (last.delivered_at if last else None)
    return {"since": timezone.localtime(moment or timezone.now() - FURTHEST_BACK / 60)}
