"""Asking for an export from the list on the screen: which columns, in which form."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from deferral.admin.kit.refusing import refusal
from deferral.list_links import ListLink, above_lists
from reports.exports.asking import ask_for_export
from reports.exports.catalogue import DATASETS
from reports.exports.choosing import (
    EXPORT,
    NotExportable,
    filters_of,
    in_words,
    listed_rows,
    may_export,
)
from reports.exports.datasets import Dataset
from reports.models import Export

QUEUE = "bulk"
# Counted no further: the page is to be there at once.
COUNTED = 10_000
FOR_EXCEL = "Only for CSV: a mark at the beginning, without which Excel misreads letters like ü."


class Choice(forms.Form):
    """Which columns of a list, and in which form."""

    format = forms.ChoiceField(
        choices=Export.Format.choices, initial=Export.Format.CSV, widget=forms.RadioSelect
    )
    columns = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )
    for_excel = forms.BooleanField(label="For Excel", required=False, help_text=FOR_EXCEL)

    def __init__(self, dataset: Dataset, data: QueryDict | None) -> None:
        super().__init__(data, initial={"columns": [one.name for one in dataset.columns]})
        chosen: Any = self.fields["columns"]
        chosen.choices = [(one.name, one.label) for one in dataset.columns]


@above_lists
def export_link(request: HttpRequest, model: type[Model]) -> ListLink | None:
    """From every list whose rows can be exported, with its filters."""
    for dataset in DATASETS.values():
        if dataset.listed is model and may_export(request.user, dataset):
            return ListLink(label="Export…", address=address_of(dataset, request.GET.urlencode()))
    return None


def address_of(dataset: Dataset, filters: str) -> str:
    """The page that asks, with the filters of a list."""
    chosen = filters_of(filters)
    address = reverse("admin:reports_export_ask", args=[dataset.name])
    return f"{address}?{chosen}" if chosen else address


def ask_page(
    model_admin: admin.ModelAdmin[Export], request: HttpRequest, name: str
) -> HttpResponse:
    """The form; on POST the export is asked for, and its page follows. 429 under pressure."""
    dataset = _dataset(request, name)
    form = Choice(dataset, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if refused := refusal(request, queues=[QUEUE]):
            return refused
        try:
            return _ask(model_admin, request, dataset, form.cleaned_data)
        except NotExportable as error:
            form.add_error(None, str(error))
    return _page(model_admin, request, dataset, form)


def _dataset(request: HttpRequest, name: str) -> Dataset:
    """PermissionDenied for who may not export it; Http404 where there is none."""
    found = DATASETS.get(name)
    if not request.user.has_perm(EXPORT) or (found and not may_export(request.user, found)):
        raise PermissionDenied
    if found is None:
        raise Http404
    return found


def _ask(
    model_admin: admin.ModelAdmin[Export],
    request: HttpRequest,
    dataset: Dataset,
    chosen: dict[str, Any],
) -> HttpResponse:
    filters = request.GET.urlencode()
    export = ask_for_export(request.user, dataset=dataset.name, filters=filters, **chosen)
    told = "It is being written. You get an e-mail when it can be fetched; nobody need stay here."
    if export.is_new:
        model_admin.log_addition(request, export, f"Asked for {export}.")
    else:
        told = "This was asked for within the last minute: here it is."
    model_admin.message_user(request, told, messages.SUCCESS)
    return redirect("admin:reports_export_change", quote(export.pk))


def _page(
    model_admin: admin.ModelAdmin[Export], request: HttpRequest, dataset: Dataset, form: Choice
) -> HttpResponse:
    filters = filters_of(request.GET.urlencode())
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Export: {dataset.title}",
        "opts": model_admin.opts,
        "form": form,
        "filters": in_words(filters),
        "siblings": [
            (one.title, "" if one is dataset else address_of(one, filters))
            for one in DATASETS.values()
            if one.listed is dataset.listed and may_export(request.user, one)
        ],
        "back": reverse(f"admin:{dataset.listed._meta.label_lower.replace('.', '_')}_changelist"),  # noqa: SLF001 - documented
    }
    try:
        context["count"] = _counted(dataset, filters, request.user)
    except NotExportable as error:
        form.add_error(None, str(error)) if form.is_bound else context.update(refused=str(error))
    return TemplateResponse(request, "admin/reports/ask_export.html", context)


def _counted(dataset: Dataset, filters: str, user: Any) -> str:
    """How many rows it will have, in words."""
    rows = dataset.rows()
    if filters:
        rows = dataset.narrow(rows, listed_rows(dataset, filters, user))
    count = rows.order_by().values("pk")[: COUNTED + 1].count()
    if count > COUNTED:
        return f"more than {COUNTED:,} rows"
    return "1 row" if count == 1 else f"{count:,} rows"
