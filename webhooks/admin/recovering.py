"""Recovering what an endpoint missed: since when and why, how much that is, then the work."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from deferral.admin.kit.confirmations import Why
from deferral.admin.kit.decisions import write_down
from deferral.admin.kit.refusing import refusal
from deferral.errors import NotAllowed
from deferral.models import Event, Job
from webhooks.missed import FACTS, FURTHEST_BACK, count_missed
from webhooks.models import Endpoint
from webhooks.payloads import TEST
from webhooks.recovery import ask_for_recovery

Counts = Counter[tuple[str, str]]
# More than these at once are refused while there is too much work already.
FEW = 20
MINUTE = timedelta(minutes=1)


class Since(Why):
    """A moment in the shop's time zone, and the reason. `count` is how many the page named."""

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
    model_admin: admin.ModelAdmin[Endpoint], request: HttpRequest, endpoint: Endpoint
) -> HttpResponse:
    """The form; then the same with the count; then, if that is still so, the work."""
    sent = request.POST if request.method == "POST" else None
    form = Since(endpoint, sent, initial=_since(endpoint))
    if endpoint.disabled_at or not form.is_valid():
        return _ask(model_admin, request, endpoint, form)
    missed = count_missed(endpoint, form.cleaned_data["since"])
    if "confirmed" not in request.POST or form.cleaned_data["count"] != missed.total():
        return _ask(model_admin, request, endpoint, form, missed)
    refused = refusal(request, queues=["partners"]) if missed.total() > FEW else None
    if refused is not None:
        return refused
    _carry_out(model_admin, request, endpoint, form.cleaned_data, missed.total())
    return redirect("admin:webhooks_endpoint_change", endpoint.pk)


def _carry_out(
    model_admin: admin.ModelAdmin[Endpoint],
    request: HttpRequest,
    endpoint: Endpoint,
    said: dict[str, Any],
    count: int,
) -> None:
    since, reason = said["since"], said["reason"]
    by, at = request.user.get_username(), timezone.localtime(since)
    try:
        with transaction.atomic():
            ask_for_recovery(endpoint_id=endpoint.pk, since=since, by=by, reason=reason)
            told = f"Recover {count} since {at:%Y-%m-%d %H:%M}: {reason}"
            write_down(model_admin, request, endpoint, told)
    except NotAllowed as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return
    what = f"{count} {'delivery is' if count == 1 else 'deliveries are'} brought to {endpoint}."
    model_admin.message_user(request, what, messages.SUCCESS)


def _ask(
    model_admin: admin.ModelAdmin[Endpoint],
    request: HttpRequest,
    endpoint: Endpoint,
    form: Since,
    missed: Counts | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Recover: {endpoint}",
        "opts": model_admin.opts,
        "row": endpoint,
        "form": form,
        "counted": missed is not None,
        "total": missed.total() if missed else 0,
        "groups": [(*what, count) for what, count in sorted(missed.items())] if missed else [],
    }
    return TemplateResponse(request, "admin/webhooks/recover.html", context)


def _since(endpoint: Endpoint) -> dict[str, datetime]:
    """Since the oldest fact of whatever it did not get, or else since it last got something."""
    now = timezone.now()
    open_ = endpoint.deliveries.filter(delivered_at=None).exclude(type=TEST)
    dead = Job.objects.filter(service=endpoint.slug, state=Job.State.DEAD)
    facts = Event.objects.filter(type__in=FACTS.values())
    missed = [
        facts.filter(subject__in=rows.values("subject")).aggregate(at=Min("created_at"))["at"]
        for rows in (open_, dead)
    ]
    got = endpoint.deliveries.aggregate(at=Max("delivered_at"))["at"]
    first = min(filter(None, missed), default=got or now - FURTHEST_BACK / 60)
    earliest = now - FURTHEST_BACK + MINUTE  # the form's field has no seconds
    return {"since": timezone.localtime(max(first, earliest))}
