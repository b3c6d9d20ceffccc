"""What staff decide about a row: a page that asks why, then one service call.

Not for dead letters, many of which are settled at once: that is `settling`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from deferral.admin.kit.confirmations import Why
from deferral.errors import NotAllowed
from deferral.interventions import note, subject_of

CONFLICT = 409


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Something that may be decided while `allowed` says so of the row, by whoever `may`.

    `service` is told the row's key as `<model>_id`, `by` whom, and the terms of the form that `ask`
    made. If somebody else acted first it must do nothing, or raise NotAllowed, which is shown. The
    decision is noted among the interventions here, unless the service does it (`is_noted`).
    """

    verb: str
    consequence: str
    done: str
    service: Callable[..., object]
    may: Callable[[HttpRequest], bool]
    allowed: Callable[[Any], bool]
    ask: Callable[[Any, QueryDict | None], Why] = Why
    is_noted: bool = False


def possible(
    request: HttpRequest, row: Model, table: Mapping[str, Decision]
) -> dict[str, Decision]:
    """What this person may decide about it now."""
    return {name: one for name, one in table.items() if one.may(request) and one.allowed(row)}


def decide(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    key: object,
    one: Decision,
) -> HttpResponse:
    """Ask on GET; act on POST, once a reason is given. PermissionDenied for who may not.

    Where it may not be after all, the page is shown once more (409) by how the row stands now, with
    the reason and all that was typed: whoever looked at it again may send it again.

    What the page says above the consequence stands in `admin/<app>/<model>/decide.html`, if any.
    """
    if not one.may(request):
        raise PermissionDenied
    row, opts = get_object_or_404(rows, pk=key), model_admin.opts
    form = one.ask(row, request.POST if request.method == "POST" else None)
    status = 200
    if one.allowed(row) and form.is_valid():
        try:
            _carry_out(model_admin, request, row, one, form)
        except NotAllowed as error:
            row, status = rows.filter(pk=key).first() or row, CONFLICT
            form = _anew(row, one, request.POST, str(error))
        else:
            return redirect(f"admin:{opts.app_label}_{opts.model_name}_change", quote(row.pk))
    allowed = one.allowed(row)
    said = {"title": f"{one.verb}: {row}?", "row": row, "decision": one, "form": form}
    context = (
        model_admin.admin_site.each_context(request) | said | {"opts": opts, "allowed": allowed}
    )
    its_own = f"admin/{opts.app_label}/{opts.model_name}/decide.html"
    return TemplateResponse(
        request, [its_own, "admin/deferral/decide.html"], context, status=status
    )


def _anew(row: Model, one: Decision, sent: QueryDict, why: str) -> Why:
    """What was typed, with what the page itself says of the row (a version) as it is now."""
    data = sent.copy()
    fresh = one.ask(row, None)
    for field in fresh.hidden_fields():
        data[field.html_name] = str(field.value() if field.value() is not None else "")
    form = one.ask(row, data)
    form.add_error(None, why)
    return form


def _carry_out(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, row: Model, one: Decision, form: Why
) -> None:
    """Done and written down, or neither. NotAllowed as the service says."""
    which = {f"{model_admin.opts.model_name}_id": row.pk}
    with transaction.atomic():
        one.service(**which, by=request.user.get_username(), **form.terms())
        write_down(model_admin, request, row, form.told(one.verb), is_noted=one.is_noted)
    model_admin.message_user(request, f"{row} {one.done}", messages.SUCCESS)


def write_down(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    row: Model,
    told: str,
    *,
    subject: str = "",
    is_noted: bool = False,
) -> None:
    """In the row's history, and among the interventions, where it outlives row and person."""
    model_admin.log_change(request, row, told)
    if not is_noted:
        by = request.user.get_username()
        note(by=by, told=told, about=row, subject=subject or subject_of(row))
