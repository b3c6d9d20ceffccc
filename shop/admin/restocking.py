"""Counting stock: a page that asks how many and why, then one conditional UPDATE."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from deferral.admin.kit.decisions import write_down
from deferral.text.typed import Text
from shop import stock
from shop.errors import CountedMeanwhile, NotCounted, OutOfStock, TooMany
from shop.models import Product

# Far more than any delivery: a slip of the finger is noticed.
MOST = 100_000


class Restock(forms.Form):
    """How many, and why. `seen` is the last thing the admin had done to the product by then."""

    pieces = forms.IntegerField(
        min_value=-MOST,
        max_value=MOST,
        help_text="How many came in; with a minus, how many are gone. Sales go on meanwhile.",
    )
    reason = Text(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"required": "Say why. Nothing was counted."},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


def restock(
    model_admin: admin.ModelAdmin[Product], request: HttpRequest, product_id: int
) -> HttpResponse:
    """Ask on GET; count on POST, once a reason is given. For who may change products."""
    product = get_object_or_404(Product, pk=product_id)
    if not model_admin.has_change_permission(request, product):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = Restock(sent, initial={"seen": last_entry(product)})
    if not form.is_valid():
        return _ask(model_admin, request, product, form)
    try:
        _carry_out(model_admin, request, product, form.cleaned_data)
    except (CountedMeanwhile, NotCounted, OutOfStock, TooMany) as error:
        model_admin.message_user(request, f"{error} Nothing was counted.", messages.ERROR)
    return redirect("admin:shop_product_change", product.pk)


@transaction.atomic
def _carry_out(
    model_admin: admin.ModelAdmin[Product],
    request: HttpRequest,
    product: Product,
    said: dict[str, Any],
) -> None:
    """Count and write down who and why, or neither. The same page sent twice counts once."""
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if last_entry(product) != said["seen"]:
        raise CountedMeanwhile
    left = stock.restock(product_id=product.pk, pieces=said["pieces"])
    what = f"{said['pieces']:+}"
    told = f"Restocked by {what}: {said['reason']}"
    write_down(model_admin, request, product, told, subject=f"product:{product.sku}")
    model_admin.message_user(request, f"{product}: {what}, so there are {left}.", messages.SUCCESS)


def last_entry(product: Product) -> int:
    """The last thing written down about it in the admin; 0 when there is none."""
    kind = ContentType.objects.get_for_model(Product)
    about = LogEntry.objects.filter(content_type=kind, object_id=str(product.pk))
    return about.aggregate(last=Max("id"))["last"] or 0


def _ask(
    model_admin: admin.ModelAdmin[Product], request: HttpRequest, product: Product, form: Restock
) -> HttpResponse:
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Restock: {product}",
        "opts": model_admin.opts,
        "row": product,
        "form": form,
    }
    return TemplateResponse(request, "admin/shop/restock.html", context)
