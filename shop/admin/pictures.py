"""The pictures of a product in the admin: added, put in order, described, taken away.

Each button is a form, and works without a script; with one, a picture can be dragged as well.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from deferral.admin.kit.decisions import write_down
from deferral.errors import Outcome
from deferral.text.typed import Line
from media.large_bodies import MOST_AT_ONCE, with_room
from media.pictures.opening import in_megabytes
from shop import gallery
from shop.admin.picture_state import answer, state_of
from shop.errors import NoRoom, PictureGone
from shop.models import MOST_PICTURES, Product, ProductPicture
from shop.photos import PICTURES

Admin = admin.ModelAdmin[Product]
# The page's own button, in whose form files are sent.
ADD = "add"


class Described(forms.Form):
    """What a picture shows, in a line; nothing is allowed."""

    alternative = Line(max_length=200, required=False)


class Moved(forms.Form):
    """Where it shall be, counted from 0."""

    to = forms.IntegerField(min_value=0, max_value=MOST_PICTURES)


def pictures_page(model_admin: Admin, request: HttpRequest, product_id: int) -> HttpResponse:
    """All of them on GET; something is done on POST, and the page shown again."""
    product = _product(model_admin, request, product_id)
    if request.method == "POST":
        for told, level in _carry_out(model_admin, request, product):
            model_admin.message_user(request, told, level)
        return redirect(_address(product))
    states = [state_of(each) for each in PICTURES.filter(product=product)]
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Pictures: {product}",
        "opts": model_admin.opts,
        "row": product,
        "states": states,
        "room": MOST_PICTURES - len(states),
        "most": in_megabytes(MOST_AT_ONCE),
        "send_to": with_room(_address(product)),
        "is_live": True,
    }
    return TemplateResponse(request, "admin/shop/pictures.html", context)


def picture_state(
    model_admin: Admin, request: HttpRequest, product_id: int, picture_id: int
) -> HttpResponse:
    """One of them, for the page that shows it: as far as it is. 403 where a session has ended."""
    if not model_admin.admin_site.has_permission(request):
        raise PermissionDenied
    product = _product(model_admin, request, product_id)
    return answer(request, get_object_or_404(PICTURES, product=product, pk=picture_id))


def _product(model_admin: Admin, request: HttpRequest, product_id: int) -> Product:
    product = get_object_or_404(Product, pk=product_id)
    if not model_admin.has_change_permission(request, product):
        raise PermissionDenied
    return product


def _address(product: Product) -> str:
    return reverse("admin:shop_product_pictures", args=[product.pk])


def _carry_out(
    model_admin: Admin, request: HttpRequest, product: Product
) -> Iterator[tuple[str, int]]:
    """What is said of it, and how loudly. Each thing that is done is written down."""
    done = request.POST.get("do", "")
    subject = f"product:{product.sku}"
    told = _added(request, product) if done == ADD else _changed(request, product, done)
    for sentence, level in told:
        if level == messages.SUCCESS:
            write_down(model_admin, request, product, sentence, subject=subject)
        yield sentence, level


def _added(request: HttpRequest, product: Product) -> Iterator[tuple[str, int]]:
    """Each file for itself: one that is refused keeps back no other."""
    files = request.FILES.getlist("pictures")
    if not files:
        yield "Choose at least one file.", messages.ERROR
    for file in files:
        yield _add(file, product, by=request.user.get_username())


def _add(file: UploadedFile[Any], product: Product, *, by: str) -> tuple[str, int]:
    name = file.name or ""
    try:
        added = gallery.add_picture(product_id=product.pk, file=file, name=name, by=by)
    except (NoRoom, PictureGone, Outcome) as error:
        return f"{name[:100]}: {error}", messages.ERROR
    return f"Picture added: {added}", messages.SUCCESS


def _changed(request: HttpRequest, product: Product, verb: str) -> Iterator[tuple[str, int]]:
    which = request.POST.get("picture", "")
    found = ProductPicture.objects.select_related("asset").filter(product=product)
    picture = found.filter(pk=int(which)).first() if which.isdecimal() and len(which) < 19 else None
    if picture is None or verb not in VERBS:
        yield str(PictureGone()), messages.ERROR
        return
    name, form, service, told = str(picture), *VERBS[verb]
    sent = form(request.POST)
    if not sent.is_valid():
        yield f"{name}: {_faults(sent)}", messages.ERROR
        return
    try:
        service(picture_id=picture.pk, **sent.cleaned_data)
    except PictureGone as error:
        yield f"{name}: {error}", messages.ERROR
    else:
        yield f"{told}: {name}", messages.SUCCESS


def _faults(sent: forms.Form) -> str:
    return " ".join(str(fault) for faults in sent.errors.values() for fault in faults)


Verb = tuple[type[forms.Form], Callable[..., None], str]
VERBS: dict[str, Verb] = {
    "move": (Moved, gallery.move_picture, "Picture moved"),
    "describe": (Described, gallery.describe_picture, "Picture described"),
    "remove": (forms.Form, gallery.remove_picture, "Picture removed"),
}
