"""The page on which a file of products is brought. It answers at once: a job looks into it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse

from deferral.admin.kit.refusing import refusal
from deferral.errors import Outcome
from media.large_bodies import with_room
from shop.imports.columns import LABELS
from shop.imports.errors import NotReadable
from shop.imports.receiving import MOST_BYTES, TOO_LARGE, receive
from shop.models import ProductImport

QUEUE = "bulk"
PERMISSIONS = ("shop.add_product", "shop.change_product")


class Upload(forms.Form):
    """One file."""

    file = forms.FileField(
        label="CSV file",
        help_text=f"At most {filesizeformat(MOST_BYTES)}. UTF-8, or as Excel saves it; separated "
        "by commas, semicolons or tabs.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,text/csv", "data-most": MOST_BYTES, "data-said": TOO_LARGE}
        ),
    )


def may_import(request: HttpRequest) -> bool:
    """Whoever may add products and change them."""
    user: Any = request.user
    return bool(user.is_active and user.is_staff and user.has_perms(PERMISSIONS))


def upload(model_admin: admin.ModelAdmin[ProductImport], request: HttpRequest) -> HttpResponse:
    """Ask on GET; on POST the file is put away, and its page follows. 429 under pressure."""
    if not may_import(request):
        raise PermissionDenied
    sent = request.method == "POST"
    form = Upload(request.POST, request.FILES) if sent else Upload()
    if form.is_valid():
        if refused := refusal(request, queues=[QUEUE]):
            return refused
        try:
            return _receive(model_admin, request, form.cleaned_data["file"])
        except (NotReadable, Outcome) as error:
            form.add_error("file", str(error))
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": "Import products",
        "opts": model_admin.opts,
        "form": form,
        "labels": LABELS.values(),
        "send_to": with_room(reverse("admin:shop_productimport_upload")),
        "back": reverse("admin:shop_product_changelist"),
    }
    return TemplateResponse(request, "admin/shop/upload.html", context)


def _receive(
    model_admin: admin.ModelAdmin[ProductImport], request: HttpRequest, file: Any
) -> HttpResponse:
    by = request.user.get_username()
    source = receive(file, name=file.name, uploaded_by=by)
    model_admin.log_addition(request, source, f"Brought {source.name}.")
    told = "It is being looked at. Nothing is changed before you have confirmed it."
    model_admin.message_user(request, told, messages.SUCCESS)
    return redirect("admin:shop_productimport_change", source.pk)
