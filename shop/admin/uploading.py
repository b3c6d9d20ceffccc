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
from media.large_bodies import MOST_AT_ONCE, with_room
from media.limits import MEGABYTE
from media.pictures.opening import in_megabytes
from shop.imports.columns import LABELS
from shop.imports.errors import NotReadable, PicturesNotReadable
from shop.imports.receiving import MOST_BYTES, TOO_LARGE, receive
from shop.models import ProductImport

QUEUE = "bulk"
# Of what one request may have, beside the other file.
MOST_OF_PICTURES = MOST_AT_ONCE - 14 * MEGABYTE
TOO_LARGE_ZIP = f"The pictures have at most {in_megabytes(MOST_OF_PICTURES)} here. Divide them."
PERMISSIONS = ("shop.add_product", "shop.change_product")


class Upload(forms.Form):
    """A file, and the pictures that it names."""

    file = forms.FileField(
        label="CSV file",
        help_text=f"At most {filesizeformat(MOST_BYTES)}. UTF-8, or as Excel saves it; separated "
        "by commas, semicolons or tabs.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,text/csv", "data-most": MOST_BYTES, "data-said": TOO_LARGE}
        ),
    )
    pictures = forms.FileField(
        label="ZIP of pictures",
        required=False,
        help_text=f"What the column Pictures names, at most {in_megabytes(MOST_OF_PICTURES)}. More "
        "of them come along from a shell: manage.py import_products --pictures.",
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".zip,application/zip",
                "data-most": MOST_OF_PICTURES,
                "data-said": TOO_LARGE_ZIP,
            }
        ),
    )

    def clean_pictures(self) -> Any:
        """As the page says, where no script has said it before."""
        file = self.cleaned_data["pictures"]
        if file and file.size > MOST_OF_PICTURES:
            raise forms.ValidationError(TOO_LARGE_ZIP)
        return file


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
            return _receive(model_admin, request, **form.cleaned_data)
        except (NotReadable, Outcome) as error:
            form.add_error(_about(error), str(error))
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


def _about(error: NotReadable | Outcome) -> str | None:
    """The field that is to be filled in otherwise; None where it is neither."""
    if isinstance(error, PicturesNotReadable):
        return "pictures"
    return "file" if isinstance(error, NotReadable) else None


def _receive(
    model_admin: admin.ModelAdmin[ProductImport], request: HttpRequest, file: Any, pictures: Any
) -> HttpResponse:
    by = request.user.get_username()
    along = {"pictures": pictures, "pictures_name": pictures.name} if pictures else {}
    source = receive(file, name=file.name, uploaded_by=by, **along)
    model_admin.log_addition(request, source, f"Brought {source.name}.")
    told = "It is being looked at. Nothing is changed before you have confirmed it."
    model_admin.message_user(request, told, messages.SUCCESS)
    return redirect("admin:shop_productimport_change", source.pk)
